import type { ServerResponse } from 'node:http';
import type { DomainErrorCode } from '../../domain/shared/domain-error.js';

/** A request that is answered before the API sees it. `message` is one sentence for people. */
export interface Refusal {
  readonly status: number;
  readonly reason: DomainErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that nobody will read is left this long, in milliseconds, so that the client can read why. */
const LINGER_MS = 500;

/** Sent with every answer. That no header ever allows another origin is what keeps web pages out. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  writeJson(response, status, body);
  response.end();
}

/** Answers with a refusal. Without its body read, the connection is closed: what follows on it is no request. */
export function sendRefusal(response: ServerResponse, { status, reason, message, headers }: Refusal): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  const body = { error: { message, reason } };
  if (response.req.complete || !announcesBody(response.req.headers)) {
    sendJson(response, status, body);
    return;
  }
  // Closing a socket that holds unread bytes resets it, and the client would lose the answer. So the answer, which
  // is complete by its length, is sent first, and the socket is closed when the client has left or had its time.
  response.req.pause();
  response.setHeader('Connection', 'close');
  writeJson(response, status, body);
  const close = () => {
    clearTimeout(timer);
    response.socket?.destroy();
  };
  const timer = setTimeout(close, LINGER_MS);
  response.once('close', close);
}

function writeJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.write(text);
}

function announcesBody(headers: ServerResponse['req']['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}
