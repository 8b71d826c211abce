import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FetchLike, FetchLikeResponse } from 'eventsource';
import { BASE_URL } from './call-fetch.js';
import type { Connection } from './connection.js';
import { MAX_ANSWER_BYTES } from './exchange.js';
import { asUnreachable, UnreachableError, UntrustedServerError } from './failure.js';
import { finalError, refusalShape } from './refusal-shape.js';

/** First and longest pause before a stream is opened again, in milliseconds. */
const RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** So many first pauses stay short, of this many milliseconds at most: a server that is replaced is back within one second. */
const QUICK_RETRIES = 10;
const MAX_QUICK_RETRY_MS = 200;
/** An event source has a pause of its own before it reconnects, in milliseconds. Ours is the one that counts. */
const NO_PAUSE = 'retry: 1\n\n';

/**
 * The `fetch` of one event source. It never fails: while the server cannot be reached it answers with an empty stream,
 * after which the event source comes again, and what cannot get better it tells as the stream's last event.
 */
export function createStreamFetch(connection: Connection, giveUpAfterMs: number): FetchLike {
  /** Attempts since an event came, and when the first of them failed. */
  let attempts = 0;
  let failingSince: number | undefined;

  return async (url, init) => {
    const signal = init.signal as AbortSignal;
    if (attempts > 0) await delay(pauseBefore(attempts), undefined, { signal });
    attempts += 1;
    try {
      const incoming = await open(connection, String(url).slice(BASE_URL.length), init.headers, signal);
      if (incoming.statusCode !== 200) return await refused(incoming);
      failingSince = undefined;
      return responseOf(
        incoming,
        eventsOf(incoming, () => (attempts = 1)),
      );
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      const failure = asUnreachable(error, connection.where);
      if (failure instanceof UntrustedServerError) return lastWord(finalError(failure.message, { untrusted: true }));
      failingSince ??= Date.now();
      if (Date.now() - failingSince < giveUpAfterMs) return synthetic('');
      const code = failure instanceof UnreachableError ? failure.code : 'EIO';
      return lastWord(finalError(failure.message, { unreachable: code }));
    }
  };
}

/** Grows to the limit, and is spread so that the clients of a server that went do not all come back at once. */
function pauseBefore(attempt: number): number {
  const longest = attempt <= QUICK_RETRIES ? MAX_QUICK_RETRY_MS : MAX_RETRY_MS;
  return Math.min(longest, RETRY_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

function open(
  { target, headers, streams }: Connection,
  path: string,
  ownHeaders: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, agent: streams, path, headers: { ...ownHeaders, ...headers }, signal });
    outgoing.once('error', reject);
    outgoing.once('response', resolve);
    outgoing.end();
  });
}

/** The stream's bytes. Tells of every event that can be resumed from; a lost connection is an end like any other. */
async function* eventsOf(incoming: IncomingMessage, onEvent: () => void): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(NO_PAUSE);
  let unfinishedLine = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      const lastBreak = chunk.lastIndexOf(0x0a);
      unfinishedLine = lastBreak < 0 ? unfinishedLine + chunk.length : chunk.length - lastBreak;
      if (unfinishedLine > MAX_ANSWER_BYTES) return;
      if (chunk.includes('id: ')) onEvent();
      yield chunk;
    }
  } catch {
    // The event source reconnects after an end as it does after an error.
  }
}

async function refused(incoming: IncomingMessage): Promise<FetchLikeResponse> {
  const status = incoming.statusCode ?? 0;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (status === 503) return synthetic('');
  return lastWord(refusalShape(status, parse(text)) ?? parse(text) ?? nonsense(status));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nonsense(status: number): unknown {
  return finalError(`The server answered with status ${status} and no stream.`, {});
}

/** A stream with nothing but an error, after which the subscription is over. */
function lastWord(answer: unknown): FetchLikeResponse {
  const { error } = answer as { error: unknown };
  return synthetic(`event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`);
}

async function* only(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(NO_PAUSE + text);
}

function synthetic(text: string): FetchLikeResponse {
  return responseOf(undefined, only(text));
}

function responseOf(
  incoming: IncomingMessage | undefined,
  chunks: AsyncGenerator<Uint8Array, void>,
): FetchLikeResponse {
  const reader = {
    read: async () => {
      const { done, value } = await chunks.next();
      return done === true ? ({ done: true } as const) : ({ done: false, value } as const);
    },
    cancel: async () => {
      await chunks.return();
    },
  };
  return {
    body: { getReader: () => reader },
    url: BASE_URL,
    status: 200,
    redirected: false,
    headers: {
      get: (name) => (name === 'content-type' ? (incoming?.headers['content-type'] ?? 'text/event-stream') : null),
    },
  };
}
