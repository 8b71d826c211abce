import { type IncomingMessage, request } from 'node:http';
import type { Connection } from './connection.js';
import { asUnreachable, UnreachableError } from './failure.js';

/** Largest answer that is taken, in bytes: the largest a server gives (10,000 tasks at once) is a fifth of it. */
export const MAX_ANSWER_BYTES = 67_108_864;

/** One call. `timeoutMs` is how long the server may be silent. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls the server once. Throws an UnreachableError, an UntrustedServerError, or the signal's AbortError. */
export async function exchange(connection: Connection, call: Call): Promise<Answer> {
  try {
    return await exchangeOnce(connection, call);
  } catch (error) {
    // The server closed a kept connection just when it was taken. Only a query may be sent twice.
    if (!(error instanceof StaleConnectionError)) throw error;
    if (call.method === 'GET') return exchangeOnce(connection, call);
    throw error.cause;
  }
}

class StaleConnectionError extends Error {}

function exchangeOnce(connection: Connection, { method, path, body, signal, timeoutMs }: Call): Promise<Answer> {
  const { where, target, headers, calls } = connection;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...target,
      agent: calls,
      method,
      path,
      headers:
        body === undefined
          ? headers
          : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      ...(signal && { signal }),
    });
    outgoing.setTimeout(timeoutMs, () => {
      const message = `The server at ${where} has not answered for ${Math.round(timeoutMs / 1_000)} s.`;
      outgoing.destroy(new UnreachableError('ETIMEDOUT', message));
    });
    outgoing.once('error', (error) => {
      const failure = asUnreachable(error, where);
      const isStale = outgoing.reusedSocket && failure instanceof UnreachableError && failure.code === 'ECONNRESET';
      reject(isStale ? new StaleConnectionError('', { cause: failure }) : failure);
    });
    outgoing.once('response', (incoming) => {
      readAll(incoming).then(
        (text) => resolve({ status: incoming.statusCode ?? 0, text }),
        (error: unknown) => reject(error instanceof Error ? asUnreachable(error, where) : new Error(String(error))),
      );
    });
    outgoing.end(body);
  });
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`The server's answer is larger than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
