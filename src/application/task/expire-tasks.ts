import { failSession } from '../../domain/session/session-transitions.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { expire } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { endEarlyIn } from './end-early.js';

/** Tasks failed by one transaction: each may end a session and fail what comes after it, some 5 ms together. */
const STEP = 50;

/** Fails every task whose deadline has passed, also one that runs. Resolves with the next deadline, or null. */
export function createExpireTasks({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  const expireSome = (now: Timestamp) =>
    transaction(async (stores) => {
      const late = await stores.tasks.overdue(now, STEP);
      for (const { id } of late) {
        // As it is now: one before it in this step may have taken it along.
        const task = await stores.tasks.get(id);
        if (task.finishedAt !== null) continue;
        const change = expire(task, now);
        const { message } = change.state.error;
        await endEarlyIn(stores, task, change, (session) => failSession(session, message, now), now);
      }
      return { isDone: late.length < STEP, next: await stores.tasks.nextDeadline() };
    });

  return async (): Promise<Timestamp | null> => {
    for (;;) {
      const { isDone, next } = await expireSome(clock());
      if (isDone) return next;
    }
  };
}
