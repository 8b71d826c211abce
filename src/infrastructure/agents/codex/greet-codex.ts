import { z } from 'zod';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Greeting } from '../../../application/ports/agent-runtime.js';
import { createConnection } from './connection.js';

const Initialized = z.object({ userAgent: z.string() });
/** `codewalkers/0.169.0 (Debian 12.0.0; x86_64) …`: its own version behind the name that it was told. */
const VERSION = /^[^/\s]*\/(\S+)/;

/** What a conversation with Codex begins with. */
export function greeting(version: string): object {
  return { clientInfo: { name: 'codewalkers', title: 'Codewalkers', version } };
}

/** Greets a process that has just been started. Null when it ends instead of answering; aborting the signal gives up. */
export async function greetCodex(
  process: AgentProcess,
  version: string,
  signal: AbortSignal,
): Promise<Greeting | null> {
  const connection = createConnection(process, 1, 0);
  const id = connection.request('initialize', greeting(version));
  for await (const received of connection.read(signal)) {
    if (received.kind !== 'response' || received.id !== id) continue;
    if (received.error !== null) return { version: null, problem: `Codex refuses to begin: ${received.error.message}` };
    const agent = Initialized.safeParse(received.result).data?.userAgent;
    return { version: VERSION.exec(agent ?? '')?.[1] ?? null, problem: null };
  }
  return null;
}
