import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sendRefusal } from './refusal.js';

/** Bounds on what a client may take its time with. Milliseconds. */
export interface Patience {
  /** All headers of a request: they come in one packet or two; slower is a fault or an attack. */
  readonly headersMs: number;
  /** A whole request: 1 MiB takes milliseconds on one machine, so this is for a suspended client. */
  readonly requestMs: number;
  /** How often the two are looked at; an idle server wakes up for it. */
  readonly checkMs: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, checkMs: 10_000 };

/** A connection that waits for its next request, in milliseconds: longer than a client keeps one, so that it closes first. */
const KEEP_ALIVE_MS = 65_000;
/** Bytes of a request's first line and headers: the longest URL and a token fit four times. */
const MAX_HEADER_BYTES = 16_384;

/** An HTTP server with every bound set, not yet listening. */
export function createHttpServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  { headersMs, requestMs, checkMs }: Patience = PATIENCE,
): Server {
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.on('request', handle);
  // Without a listener Node asks for the body before anybody has looked at the headers.
  server.on('checkContinue', handle);
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const message = 'This expectation cannot be met.';
    sendRefusal(response, { status: 417, reason: 'invalid_input', message });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [status, reason, message] = describeClientError(error.code);
    const body = JSON.stringify({ error: { message, reason } });
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  });
  return server;
}

function describeClientError(code: string | undefined): [status: string, reason: string, message: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['431 Request Header Fields Too Large', 'limit_exceeded', 'The headers of this request are too large.'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'limit_exceeded', 'The request did not come in time.'];
    default:
      return ['400 Bad Request', 'invalid_input', 'This is not an HTTP request.'];
  }
}
