import { z } from 'zod';
import { DomainError } from '../../../domain/shared/domain-error.js';
import type { TaskId } from '../../../domain/shared/id.js';
import type { TaskSelection, WalkStep } from '../../../domain/task/task-repository.js';
import type { Dependencies } from '../../dependencies.js';
import type { Stores } from '../../ports/transaction.js';
import { inSteps, STEP_MS, type StepNeeds } from '../../retention/in-steps.js';

/** Most tasks that one transaction changes; by time it is mostly fewer. */
const STEP_TASKS = 250;

/** How many tasks were changed, how many refused, and why the first of those was. */
export const ChangedMany = z.object({
  count: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  reason: z.string().nullable(),
});
export type ChangedMany = z.infer<typeof ChangedMany>;

export type ChangeManyNeeds = Pick<Dependencies, 'clock' | 'newId'> & StepNeeds & { readonly closing: AbortSignal };

export interface ChangeOfMany {
  readonly selection: TaskSelection;
  readonly order: WalkStep['order'];
  /** Throws a DomainError before it writes anything for a task that refuses. */
  readonly change: (stores: Stores, id: TaskId) => Promise<void>;
  /** What must follow once a step is committed. */
  readonly committed?: () => Promise<void>;
}

/**
 * Changes all tasks that fit, each once, in small transactions with pauses between; none that was enqueued after it began.
 * One that refuses does not stop the rest. Throws `unavailable` when the server begins to close; what was changed by then
 * stays changed.
 */
export async function changeMany(
  needs: ChangeManyNeeds,
  { selection, order, change, committed }: ChangeOfMany,
): Promise<ChangedMany> {
  const { transaction, stopwatch, newId, closing } = needs;
  const total: ChangedMany = { count: 0, refused: 0, reason: null };
  // No task that is there can have a newer id.
  const newest = newId('task');
  let from: TaskId | null = null;

  async function step(): Promise<boolean> {
    const { next, ...done } = await transaction(async (stores) => {
      const walked = await stores.tasks.walk(selection, { order, from, newest, limit: STEP_TASKS });
      const part: ChangedMany & { next: TaskId | null } = { count: 0, refused: 0, reason: null, next: walked.next };
      const began = stopwatch.elapsed();
      for (const id of walked.ids) {
        const refusal = await change(stores, id).then(() => null, reasonOf);
        if (refusal === null) part.count += 1;
        else {
          part.refused += 1;
          part.reason ??= refusal;
        }
        if (stopwatch.elapsed() - began < STEP_MS || id === walked.ids.at(-1)) continue;
        part.next = id;
        break;
      }
      return part;
    });
    total.count += done.count;
    total.refused += done.refused;
    total.reason ??= done.reason;
    from = next;
    await committed?.();
    return next !== null;
  }

  try {
    await inSteps(needs, closing, step);
  } catch (error) {
    if (!closing.aborted) throw error;
    throw new DomainError('unavailable', `The server is stopping; ${String(total.count)} tasks were changed by then.`);
  }
  return total;
}

/** Why a task refused. Throws what is no refusal. */
function reasonOf(error: unknown): string {
  const isRefusal =
    error instanceof DomainError &&
    (error.code === 'conflict' || error.code === 'invalid_transition' || error.code === 'not_found');
  if (!isRefusal) throw error;
  return error.message;
}
