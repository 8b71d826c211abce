import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How long hooks go straight to the spool after one has knocked in vain at a server that hangs, in milliseconds. An
 * agent calls hooks at every tool use; without a rest each of them would wait for its whole budget.
 */
const REST_MS = 10_000;
const MARK = '.silence';

/** Whether the server kept silent a moment ago. */
export function restsAfterSilence(spool: string): boolean {
  const noted = statSync(join(spool, MARK), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const ago = Date.now() - noted;
  return ago >= 0 && ago < REST_MS;
}

/** Notes that the server keeps silent. A note that cannot be made only costs the next hook its wait. */
export function noteSilence(spool: string): void {
  try {
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    writeFileSync(join(spool, MARK), '', { mode: 0o600 });
  } catch {
    return;
  }
}
