import { request } from 'node:http';
import type { Health } from '../http/health.js';
import { addressOf } from './endpoint.js';

export type { Health } from '../http/health.js';

/**
 * Whether a server lives:
 * - `absent`: nobody listens there.
 * - `silent`: somebody listens and does not answer in time: suspended, stuck, or too busy.
 * - `foreign`: somebody answers who is no Codewalkers server.
 */
export type Liveness =
  | { readonly found: true; readonly health: Health }
  | { readonly found: false; readonly why: 'absent' | 'silent' | 'foreign'; readonly message: string };

/** Largest answer that is read from whoever answers, in bytes. */
const MAX_ANSWER_BYTES = 65_536;
const TIMEOUT_MS = 1_000;

/** Asks whether a server lives at a Unix socket or a URL. Never throws for what is there. */
export function fetchHealth(
  at:
    | { readonly socketPath: string; readonly timeoutMs?: number }
    | { readonly url: string | URL; readonly timeoutMs?: number },
): Promise<Liveness> {
  const { timeoutMs = TIMEOUT_MS } = at;
  const target = 'socketPath' in at ? { socketPath: at.socketPath } : addressOf(at.url);
  const where = 'socketPath' in at ? at.socketPath : String(at.url);
  return new Promise((resolve) => {
    const not = (why: 'absent' | 'silent' | 'foreign', message: string) => {
      clearTimeout(timer);
      resolve({ found: false, why, message });
      outgoing.destroy();
    };
    const timer = setTimeout(() => {
      not('silent', `What listens at ${where} has not answered for ${timeoutMs} ms.`);
    }, timeoutMs);
    const outgoing = request({ ...target, path: '/health', agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) not('foreign', `What answers at ${where} is no Codewalkers server.`);
      });
      incoming.once('end', () => {
        const health = incoming.statusCode === 200 ? healthIn(text) : undefined;
        if (health === undefined) {
          not('foreign', `What answers at ${where} is no Codewalkers server.`);
          return;
        }
        clearTimeout(timer);
        resolve({ found: true, health });
      });
      incoming.once('error', () => {
        not('absent', `The server at ${where} ended while it answered.`);
      });
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('HPE_') === true) not('foreign', `What answers at ${where} is no Codewalkers server.`);
      else not('absent', `No server answers at ${where} (${error.code ?? error.message}).`);
    });
    outgoing.end();
  });
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
