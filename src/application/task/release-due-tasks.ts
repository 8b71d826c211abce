import type { Timestamp } from '../../domain/shared/timestamp.js';
import { makeDue } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';

/** Tasks moved by one transaction: some 5 ms of work, so that others are not held up. */
const STEP = 200;

/** Makes every scheduled task ready whose time has come. Resolves with the time at which the next one is due, or null. */
export function createReleaseDueTasks({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  const releaseSome = (now: Timestamp) =>
    transaction(async ({ tasks, events }) => {
      const due = await tasks.due(now, STEP);
      for (const task of due) {
        const { state, events: facts } = makeDue(task, now);
        await tasks.save(state);
        await events.append(facts);
      }
      return { moved: due.length, next: await tasks.nextDue() };
    });
  return async (): Promise<Timestamp | null> => {
    for (;;) {
      const { moved, next } = await releaseSome(clock());
      if (moved < STEP) return next;
    }
  };
}
