import type { ServerResponse } from 'node:http';
import type { DomainErrorCode } from '../../domain/shared/domain-error.js';
import { sendJson, writeJson } from './respond.js';

/** A request that is answered before the API sees it. `message` is one sentence for people. */
export interface Refusal {
  readonly status: number;
  readonly reason: DomainErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that nobody will read is left this long, in milliseconds, so that the client can read why. */
const LINGER_MS = 500;

/** Answers with a refusal. Without its body read, the connection is closed: what follows on it is no request. */
export function sendRefusal(response: ServerResponse, { status, reason, message, headers }: Refusal): void {
  const body = { error: { message, reason } };
  if (response.req.complete || !announcesBody(response.req.headers)) {
    sendJson(response, status, body, headers);
    return;
  }
  // Closing a socket that holds unread bytes resets it, and the client would lose the answer. So the answer, which
  // is complete by its length, is sent first, and the socket is closed when the client has left or had its time.
  response.req.pause();
  writeJson(response, status, body, { ...headers, Connection: 'close' });
  const close = () => {
    clearTimeout(timer);
    response.socket?.destroy();
  };
  const timer = setTimeout(close, LINGER_MS);
  response.once('close', close);
}

function announcesBody(headers: ServerResponse['req']['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}
