import type { ServerResponse } from 'node:http';

/** Sent with every answer. That no header ever allows another origin is what keeps web pages out. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Answers with a text: JSON, unless the headers name another type. */
export function sendText(response: ServerResponse, status: number, text: string, headers: object = {}): void {
  writeHead(response, status, text, headers);
  // Handed over with the end, text and headers leave in one piece.
  response.end(text);
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  sendText(response, status, JSON.stringify(body), headers);
}

/** Writes a whole answer, and leaves it open: the client takes it for complete by its length. */
export function writeJson(response: ServerResponse, status: number, body: object, headers: object): void {
  const text = JSON.stringify(body);
  writeHead(response, status, text, headers);
  response.write(text);
}

function writeHead(response: ServerResponse, status: number, text: string, headers: object): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
    'Content-Length': Buffer.byteLength(text),
  });
}
