import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Expired } from '../ports/expired.js';
import { inSteps, removeEach, STEP_ROWS, type StepNeeds } from './in-steps.js';

/** So many of a kind are looked for at once: what is found crosses over from a worker thread. */
const FOUND_AT_ONCE = 10_000;

/** Removes the events of older moments; says how many those were. Throws the signal's reason. */
export async function pruneEvents(
  needs: Pick<StepNeeds, 'transaction' | 'timer'>,
  { before, now }: { readonly before: Timestamp; readonly now: Timestamp },
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  await inSteps(needs, signal, async () => {
    const count = await needs.transaction(({ events }) => events.prune(before, now, STEP_ROWS));
    removed += count;
    return count === STEP_ROWS;
  });
  return removed;
}

/** Removes the tasks that finished before; says how many those were. Throws the signal's reason. */
export async function pruneTasks(
  needs: StepNeeds & { readonly expired: Pick<Expired, 'tasks'> },
  before: Timestamp,
  signal: AbortSignal,
): Promise<number> {
  for (let removed = 0; ; ) {
    const found = await needs.expired.tasks(before, FOUND_AT_ONCE, signal);
    const gone = await removeEach(needs, signal, found, ({ tasks }, id) => tasks.removeFinished(id, before));
    removed += gone.length;
    if (gone.length === 0) return removed;
  }
}

/** Removes the agents that ended before; says how many those were. Throws the signal's reason. */
export async function pruneAgents(
  needs: StepNeeds & { readonly expired: Pick<Expired, 'agents'> },
  before: Timestamp,
  signal: AbortSignal,
): Promise<number> {
  for (let removed = 0; ; ) {
    const found = await needs.expired.agents(before, FOUND_AT_ONCE, signal);
    const gone = await removeEach(needs, signal, found, ({ agents }, id) => agents.removeEnded(id, before));
    removed += gone.length;
    if (gone.length === 0) return removed;
  }
}

/** Removes the texts of tool uses that were distilled before; says of how many, and how much it was. Throws the signal's reason. */
export async function pruneToolUseTexts(
  needs: StepNeeds & { readonly expired: Pick<Expired, 'toolUseTexts'> },
  before: Timestamp,
  signal: AbortSignal,
): Promise<{ rows: number; bytes: number }> {
  for (const removed = { rows: 0, bytes: 0 }; ; ) {
    const found = await needs.expired.toolUseTexts(before, FOUND_AT_ONCE, signal);
    const gone = await removeEach(needs, signal, found, ({ toolUses }, { sessionId, toolUseId }) =>
      toolUses.dropText(sessionId, toolUseId, before),
    );
    removed.rows += gone.length;
    for (const { bytes } of gone) removed.bytes += bytes;
    if (gone.length === 0) return removed;
  }
}
