import { randomBytes } from 'node:crypto';
import type { Clock } from '../../application/ports/clock.js';
import type { NewId } from '../../application/ports/ids.js';
import type { Random } from '../../application/ports/random.js';
import { encodeId, type Id, type Prefix } from '../../domain/shared/id.js';
import { KEYS_PER_MS, keyAt } from '../../domain/shared/key-at.js';

export interface NewIdOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The greatest key that is in use already. */
  readonly lastKey: number;
}

/**
 * Gives keys that grow with the time and never repeat, also when the clock jumps back and across restarts: at least
 * one more than the last. The random part keeps the ids of two databases apart.
 */
export function createNewId({ clock, random, lastKey }: NewIdOptions): NewId {
  let last = lastKey;
  return <P extends Prefix>(prefix: P): Id<P> => {
    const now = keyAt(clock()) + Math.floor(random() * KEYS_PER_MS);
    last = Math.max(last + 1, now);
    if (last > Number.MAX_SAFE_INTEGER) throw new Error('No id is left: the clock says a year past 2093.');
    return encodeId(prefix, last);
  };
}

/** A name for an agent's processes with 128 random bits. See the port `NewRunId`. */
export function newRunId(): string {
  return `run_${randomBytes(16).toString('hex')}`;
}
