import type { Connection } from './connection.js';
import { type Answer, type Call, exchange } from './exchange.js';
import { UnreachableError } from './failure.js';
import { refusalShape } from './refusal-shape.js';

/** Stands for the server in URLs; requests go where the connection says. */
export const BASE_URL = 'http://codewalkers';

/** A call that met this many servers which end is given up: they end faster than anybody works. */
const MAX_ATTEMPTS = 5;
/** Codes of the system that say that nothing was sent: nobody listens, or the queue of connections is full. */
const NOTHING_SENT = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN']);
const UNAVAILABLE = 503;
const ENQUEUE = '/trpc/task.enqueue';

interface FetchInit {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

/** As much of `fetch` as tRPC's link needs, over node:http: the real one is slow to load and knows no Unix sockets. */
export function createCallFetch(connection: Connection, timeoutMs: number, recover?: () => Promise<boolean>) {
  return async (url: unknown, { method, body, signal }: FetchInit = {}) => {
    const call: Call = {
      method: method === 'POST' ? 'POST' : 'GET',
      path: String(url).slice(BASE_URL.length),
      // A mutation without input posts an empty body.
      body: method === 'POST' ? (typeof body === 'string' ? body : '') : undefined,
      signal: signal ?? undefined,
      timeoutMs,
    };
    const answer = await persist(() => exchange(connection, call), isRepeatable(call), recover);
    return { ok: answer.status === 200, status: answer.status, json: async () => parse(answer) };
  };
}

/** A query changes nothing, and a request id makes one task however often it is sent: both may be sent again. */
function isRepeatable({ method, path, body = '' }: Call): boolean {
  // Within a text of the body the quotes would be escaped.
  return method === 'GET' || (path === ENQUEUE && body.includes('"requestId":"'));
}

/** Tries again as long as nothing came of the call, or it may be repeated, and another server is there to take it. */
async function persist(
  attempt: () => Promise<Answer>,
  isRepeatable: boolean,
  recover?: () => Promise<boolean>,
): Promise<Answer> {
  for (let attempts = 1; ; attempts += 1) {
    const isLast = recover === undefined || attempts === MAX_ATTEMPTS;
    try {
      const answer = await attempt();
      if (answer.status !== UNAVAILABLE || isLast || !(await recover())) return answer;
    } catch (error) {
      const isSafe = error instanceof UnreachableError && (isRepeatable || NOTHING_SENT.has(error.code));
      if (!isSafe || isLast || !(await recover())) throw error;
    }
  }
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
