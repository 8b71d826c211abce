import type { ServerResponse } from 'node:http';

/** Sent with every answer. That no header ever allows another origin is what keeps web pages out. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Answers with a JSON text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  writeText(response, status, text, {});
  response.end();
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object, headers = {}): void {
  writeText(response, status, JSON.stringify(body), headers);
  response.end();
}

/** Writes a whole answer, and leaves it open: the client takes it for complete by its length. */
export function writeText(response: ServerResponse, status: number, text: string, headers: object): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.write(text);
}
