import type { Connection } from './connection.js';
import { type Answer, exchange } from './exchange.js';
import { refusalShape } from './refusal-shape.js';

/** Stands for the server in URLs; requests go where the connection says. */
export const BASE_URL = 'http://codewalkers';

interface FetchInit {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

/** As much of `fetch` as tRPC's link needs, over node:http: the real one is slow to load and knows no Unix sockets. */
export function createCallFetch(connection: Connection, timeoutMs: number) {
  return async (url: unknown, { method, body, signal }: FetchInit = {}) => {
    const answer = await exchange(connection, {
      method: method === 'POST' ? 'POST' : 'GET',
      path: String(url).slice(BASE_URL.length),
      // A mutation without input posts an empty body.
      body: method === 'POST' ? (typeof body === 'string' ? body : '') : undefined,
      signal: signal ?? undefined,
      timeoutMs,
    });
    return { ok: answer.status === 200, status: answer.status, json: async () => parse(answer) };
  };
}

function parse({ status, text }: Answer): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`The server answered with status ${status} and no JSON.`);
  }
  return refusalShape(status, body) ?? body;
}
