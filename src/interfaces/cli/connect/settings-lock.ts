import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../domain/shared/thrown.js';
import { EXIT } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';

/** How long another program may hold the lock before we give up, in milliseconds; each holds it for some milliseconds. */
const PATIENCE_MS = 5_000;
/** Pause between two looks, in milliseconds: a directory tells nobody that it is gone. */
const LOOK_EVERY_MS = 25;
/** Age of a lock whose holder has died, in milliseconds: as Claude Code sees it, which renews its own more often. */
const STALE_MS = 10_000;

/**
 * Takes the lock beside a settings file: a directory `<file>.lock`, as Claude Code makes it, so that neither overwrites
 * what the other has just written. Throws a CliError when somebody else keeps it.
 */
export async function lockSettings(file: string): Promise<Disposable> {
  const lock = `${file}.lock`;
  const deadline = performance.now() + PATIENCE_MS;
  while (!tryLock(lock)) {
    if (performance.now() > deadline) {
      throw new CliError(EXIT.failed, `Another program is changing ${file} (it holds ${lock}); nothing was written.`);
    }
    await pause(LOOK_EVERY_MS);
  }
  return { [Symbol.dispose]: () => remove(lock) };
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const madeAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - madeAt > STALE_MS) remove(lock);
    return false;
  }
}

function remove(lock: string): void {
  try {
    rmdirSync(lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
