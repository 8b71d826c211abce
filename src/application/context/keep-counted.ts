import type { Fact } from '../../domain/event/event.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';
import type { CountNewest } from './count-newest.js';

/**
 * From an observation to the count of what it says, in milliseconds: those of a busy time are counted together, and all
 * long before the next session begins.
 */
export const GATHER_MS = 1_000;

interface Needs extends Pick<Dependencies, 'eventLog' | 'logger'> {
  readonly countNewest: CountNewest;
}

export interface KeptCounted {
  /** Counts what was left uncounted when another server stopped. */
  readonly catchUp: () => Promise<void>;
}

/**
 * Counts the tokens of what observations say soon after they are created, so that the first context with them is whole.
 * There is one timer, set only when one is created. What comes just before the scope closes is counted then.
 */
export function keepCounted({ eventLog, logger, countNewest }: Needs, scope: Scope): KeptCounted {
  /** Whether something may be uncounted behind what is counted. */
  let isBehind = true;
  let isSet = false;

  async function count(): Promise<void> {
    isSet = false;
    const all = isBehind;
    isBehind = true;
    await countNewest({ all });
    isBehind = false;
  }

  const countOrTell = () =>
    count().catch((error: unknown) => {
      logger.warn('what new entries say was not counted; it is with the next ones', { error });
    });

  // Heard of before the commit, looked for well after it; should a commit take longer, the next look finds it.
  const hear = ({ type }: Fact) => {
    if (type !== 'observation.created' || isSet || scope.signal.aborted) return;
    isSet = true;
    scope.after('count new entries', GATHER_MS, countOrTell);
  };
  scope.defer('last count', () => (isSet ? countOrTell() : undefined));
  scope.defer('listener', eventLog.onAppend(hear));
  return { catchUp: countOrTell };
}
