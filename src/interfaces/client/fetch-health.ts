import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Health } from '../http/health.js';
import { addressOf } from './endpoint.js';

export type { Health } from '../http/health.js';

/**
 * Whether a server lives:
 * - `absent`: nobody listens there.
 * - `silent`: somebody listens and does not answer in time: suspended, stuck, too busy, or out of connections.
 * - `foreign`: somebody answers who is no Codewalkers server.
 */
export type Liveness =
  | { readonly found: true; readonly health: Health }
  | { readonly found: false; readonly why: 'absent' | 'silent' | 'foreign'; readonly message: string };

/** Largest answer that is read from whoever answers in place of a server, in bytes; a server's own has some hundred. */
export const MAX_HEALTH_BYTES = 65_536;
const TIMEOUT_MS = 1_000;
/** Pause after a connection that was closed without an answer, in milliseconds. */
const AGAIN_MS = 20;
/** Somebody listened: the connection was closed before an answer, or waits in a queue that is full. */
const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'EAGAIN']);

interface Address {
  readonly target: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  readonly where: string;
}

/** Asks whether a server lives at a Unix socket or a URL. Never throws for what is there. */
export async function fetchHealth(
  at:
    | { readonly socketPath: string; readonly timeoutMs?: number }
    | { readonly url: string | URL; readonly timeoutMs?: number },
): Promise<Liveness> {
  const { timeoutMs = TIMEOUT_MS } = at;
  const address =
    'socketPath' in at
      ? { target: { socketPath: at.socketPath }, where: at.socketPath }
      : { target: addressOf(at.url), where: String(at.url) };
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await ask(address, deadline - performance.now());
    if (seen !== 'dropped') return seen;
    // It is ending, and nobody will be there in a moment; or it has no room for one more connection, and lives.
    if (performance.now() + AGAIN_MS >= deadline)
      return { found: false, why: 'silent', message: silence(address.where) };
    await wait(AGAIN_MS);
  }

  function silence(where: string): string {
    return `What listens at ${where} has not answered for ${timeoutMs} ms.`;
  }

  function ask({ target, where }: Address, withinMs: number): Promise<Liveness | 'dropped'> {
    return new Promise((resolve) => {
      const settle = (seen: Liveness | 'dropped') => {
        clearTimeout(timer);
        resolve(seen);
        outgoing.destroy();
      };
      const not = (why: 'absent' | 'silent' | 'foreign', message: string) => settle({ found: false, why, message });
      const foreign = () => not('foreign', `What answers at ${where} is no Codewalkers server.`);
      const timer = setTimeout(() => not('silent', silence(where)), withinMs);
      const outgoing = request({ ...target, path: '/health', agent: false }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_HEALTH_BYTES) foreign();
        });
        incoming.once('end', () => {
          const health = incoming.statusCode === 200 ? healthIn(text) : undefined;
          if (health !== undefined) settle({ found: true, health });
          else foreign();
        });
        incoming.once('error', () => settle('dropped'));
      });
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        const { code = error.message } = error;
        if (DROPPED.has(code)) settle('dropped');
        else if (code.startsWith('HPE_')) foreign();
        else not('absent', `No server answers at ${where} (${code}).`);
      });
      outgoing.end();
    });
  }
}

function healthIn(text: string): Health | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const isHealth = typeof body === 'object' && body !== null && 'instanceId' in body && 'status' in body;
    return isHealth ? (body as Health) : undefined;
  } catch {
    return undefined;
  }
}
