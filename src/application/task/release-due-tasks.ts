import type { Timestamp } from '../../domain/shared/timestamp.js';
import { makeDue, unpark } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { type Accounts, openGates } from '../limit/open-gates.js';
import type { Stores } from '../ports/transaction.js';

/** Tasks moved by one transaction: some 5 ms of work, so that others are not held up. */
const STEP = 200;
/** Tasks that wait for a limit, at most: those that ran when it was met, which are no more than agents. */
const LIMITED = 1_000;

/**
 * Makes every scheduled task ready whose time has come, or whose account is open again before that. Resolves with the
 * time at which the next one is due or the next account may be tried, or null.
 */
export function createReleaseDueTasks({
  transaction,
  clock,
  profiles,
}: Pick<Dependencies, 'transaction' | 'clock'> & { readonly profiles: Accounts }) {
  const releaseSome = (now: Timestamp) =>
    transaction(async (stores) => {
      const { tasks, events } = stores;
      const due = await tasks.due(now, STEP);
      for (const task of due) {
        const { state, events: facts } = makeDue(task, now);
        await tasks.save(state);
        await events.append(facts);
      }
      const opening = await releaseLimited(stores, now);
      const next = await tasks.nextDue();
      return {
        moved: due.length,
        next: next === null || opening === null ? (next ?? opening) : Math.min(next, opening),
      };
    });

  /** Gives back what waits for a limit that is over already, and says when the next account may be tried. */
  async function releaseLimited(stores: Stores, now: Timestamp): Promise<Timestamp | null> {
    const { tasks, queue, limits, events } = stores;
    const waiting = await tasks.limited(LIMITED);
    const { limited } = await queue.get();
    if (waiting.length === 0 && !limited) return null;
    const gates = await openGates(stores, profiles, now);
    for (const task of waiting.filter((task) => gates.lets(task))) {
      const { state, events: facts } = unpark(task, 'limit', now);
      await tasks.save(state);
      await events.append(facts);
    }
    const openings = (await limits.all()).map(({ closedUntil }) => closedUntil).filter((until) => until > now);
    return openings.length === 0 ? null : Math.min(...openings);
  }

  return async (): Promise<Timestamp | null> => {
    for (;;) {
      const { moved, next } = await releaseSome(clock());
      if (moved < STEP) return next;
    }
  };
}
