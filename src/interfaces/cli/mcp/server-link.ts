import { randomUUID } from 'node:crypto';
import { codeOf, messageOf } from '../../../domain/shared/thrown.js';
import { errorLine, type Message, type RequestId, RPC } from './message.js';
import { type Posted, postMessage } from './post-message.js';

/** A message that met this many servers which end is given up: they end faster than anybody works. */
const MAX_ATTEMPTS = 5;
/** How long the word that the session is over may take, in milliseconds; it would be given up by itself, too. */
const GOODBYE_MS = 500;
/** Codes of the system that say that nothing was sent: nobody listens, or the queue of connections is full. */
const NOTHING_SENT = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN']);
/** A call that was cut off is made again if its tool changes nothing, or knows by the call's name that it has done it. */
export const REPEATABLE_TOOLS: ReadonlySet<string> = new Set([
  'task_spawn',
  'memory_search',
  'memory_timeline',
  'memory_get',
  'task_status',
  'task_result',
  'session_list',
  'permission_list',
]);

export interface LinkOptions {
  readonly socketPath: string;
  /** Sent with every message. */
  readonly headers: Readonly<Record<string, string>>;
  /** Writes one line of the protocol. */
  readonly write: (line: string) => void;
  /** Makes sure that a server runs that takes new work. Throws an error with a sentence for people. */
  readonly findServer: () => Promise<void>;
}

interface Sending {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly session?: string | undefined;
  readonly requestId?: string;
}

/** The server as one that never goes away. */
export interface ServerLink {
  /** Passes a message on and its answers back. Never rejects: a request is answered, if only with an error. */
  pass(message: Message, signal: AbortSignal): Promise<void>;
  /** Ends the session. */
  close(): Promise<void>;
}

/**
 * Keeps one session with a server that may be restarted or replaced meanwhile. What the server has not taken, because it
 * was not there or about to stop, is sent to its successor; what was cut off is sent again only if that changes nothing.
 */
export function createServerLink({ socketPath, headers, write, findServer }: LinkOptions): ServerLink {
  /** The client's own greeting, with which a session is begun again at another server. */
  let greeting: string | undefined;
  let sessionId: string | undefined;
  let finding: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;

  const found = () => (finding ??= findServer().finally(() => (finding = undefined)));

  function post({ text, signal, session, requestId }: Sending, onMessage: (line: string) => void) {
    const named = {
      ...headers,
      ...(session !== undefined && { 'mcp-session-id': session }),
      ...(requestId !== undefined && { 'codewalkers-request-id': requestId }),
    };
    return postMessage({ socketPath, method: 'POST', headers: named, body: text, signal, onMessage });
  }

  /** Begins the session again, once for all that found it gone. */
  async function renew(gone: string): Promise<void> {
    if (sessionId !== gone || greeting === undefined) return;
    const begun = await post({ text: greeting, signal: new AbortController().signal }, () => undefined);
    sessionId = begun.sessionId ?? sessionId;
  }

  async function tryToPass(message: Message, signal: AbortSignal): Promise<Posted> {
    const requestId = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const session = isGreeting(message) ? undefined : sessionId;
      try {
        const posted = await post({ text: message.text, signal, session, requestId }, write);
        if (attempt === MAX_ATTEMPTS || !(await mend(posted, session))) return posted;
      } catch (error) {
        const isSafe = NOTHING_SENT.has(codeOf(error) ?? '') || isRepeatable(message);
        if (signal.aborted || attempt === MAX_ATTEMPTS || !isSafe) throw error;
        await found();
      }
    }
  }

  /** Whether the message, of which nothing came, may be sent again now. */
  async function mend({ status }: Posted, session: string | undefined): Promise<boolean> {
    if (status === 404 && session !== undefined) {
      await (renewing ??= renew(session).finally(() => (renewing = undefined)));
      return true;
    }
    // 404 without a session: a server that is older than MCP, and makes way for this version.
    if (status !== 503 && status !== 404) return false;
    await found();
    return true;
  }

  return {
    async pass(message, signal) {
      try {
        const posted = await tryToPass(message, signal);
        if (isGreeting(message) && posted.status === 200) {
          greeting = message.text;
          sessionId = posted.sessionId;
        }
        if (message.kind === 'request' && posted.status >= 300) write(refusalLine(message.id, posted));
      } catch (error) {
        // A message that is no request has no answer; the next request meets the same trouble, and tells of it.
        if (signal.aborted || message.kind !== 'request') return;
        write(errorLine(message.id, RPC.server, sentenceFor(error)));
      }
    },
    async close() {
      if (sessionId === undefined) return;
      const named = { ...headers, 'mcp-session-id': sessionId };
      const options = { socketPath, headers: named, body: '', signal: AbortSignal.timeout(GOODBYE_MS) };
      // A server that is gone has no session either.
      await postMessage({ ...options, method: 'DELETE', onMessage: () => undefined }).catch(() => undefined);
    },
  };
}

function isGreeting(message: Message): boolean {
  return message.kind === 'request' && message.method === 'initialize';
}

function isRepeatable(message: Message): boolean {
  return message.kind === 'request' && (message.tool === '' || REPEATABLE_TOOLS.has(message.tool));
}

/** A refusal is JSON-RPC's, or one of the gate's; both have a sentence in the same place. */
function refusalLine(id: RequestId, { status, text }: Posted): string {
  let error: { code?: unknown; message?: unknown } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // Not ours; the status has to do.
  }
  const code = typeof error.code === 'number' ? error.code : RPC.server;
  const message = typeof error.message === 'string' ? error.message : `The server answered with status ${status}.`;
  return errorLine(id, code, message);
}

function sentenceFor(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined || NOTHING_SENT.has(code)) return messageOf(error);
  return `The server went away (${code}) while it was at this. Whether it was done is not known: look before you try again.`;
}
