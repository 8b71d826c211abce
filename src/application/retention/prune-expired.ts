import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import { createTurnstile } from '../distil/turnstile.js';
import type { RetentionSettings } from '../limits.js';
import type { Expired, ExpiryMoments } from '../ports/expired.js';
import type { StepNeeds } from './in-steps.js';
import { pruneAgents, pruneEvents, pruneTasks, pruneToolUseTexts } from './prune-rows.js';
import { pruneRuns } from './prune-runs.js';

const DAY_MS = 86_400_000;
const MB = 1_000_000;

/** `dryRun` only counts. */
export const PruneExpired = z.strictObject({ dryRun: z.boolean().default(false) });
export type PruneExpired = z.infer<typeof PruneExpired>;

const Kept = z.union([z.int(), z.literal('forever')]);
const Amount = z.int().nonnegative();

/** What went, or would go, and by which settings. */
export const PrunedExpired = z.object({
  dryRun: z.boolean(),
  events: z.object({ rows: Amount }),
  tasks: z.object({ rows: Amount }),
  agents: z.object({ rows: Amount }),
  toolUseTexts: z.object({ rows: Amount, bytes: Amount }),
  runs: z.object({ directories: Amount, bytes: Amount }),
  retention: z.object({ eventsDays: Kept, finishedTasksDays: Kept, toolUseTextDays: Kept, runOutputMb: Kept }),
});
export type PrunedExpired = z.infer<typeof PrunedExpired>;

export interface RetentionDependencies {
  readonly expired: Expired;
  readonly retention: RetentionSettings;
  readonly stopwatch: StepNeeds['stopwatch'];
}

/**
 * Removes what has ended its time: events, finished tasks, agents, texts of tool uses that were distilled, and what attempts
 * have left; never what is remembered. In small steps, one call after the other; what one has not reached when its signal
 * is aborted is left for the next. Throws `unavailable` then.
 */
export function createPruneExpired(
  needs: Pick<Dependencies, 'read' | 'clock' | 'logger'> & StepNeeds & RetentionDependencies,
) {
  const { expired, retention, clock } = needs;
  // Two at once would count the same rows, and take twice as much of the writer's time.
  const turnstile = createTurnstile(1);

  async function prune(dryRun: boolean, signal: AbortSignal): Promise<PrunedExpired> {
    const moments = momentsOf(retention, clock());
    const { now } = moments;
    const maxBytes = retention.runOutputMb === 'forever' ? Number.POSITIVE_INFINITY : retention.runOutputMb * MB;
    const limits = { now, before: moments.tasks, maxBytes };
    if (dryRun) {
      const { events, tasks, agents, toolUseTexts } = await expired.count(moments, signal);
      const { directories, bytes } = await expired.runs(limits, 0, signal);
      return {
        dryRun,
        events: { rows: events },
        tasks: { rows: tasks },
        agents: { rows: agents },
        toolUseTexts,
        runs: { directories, bytes },
        retention,
      };
    }
    const events = await pruneEvents(needs, { before: moments.events, now }, signal);
    const tasks = await pruneTasks(needs, moments.tasks, signal);
    // After the events, so that nobody is told of an agent that is not there.
    const agents = await pruneAgents(needs, moments.agents, signal);
    const toolUseTexts = await pruneToolUseTexts(needs, moments.toolUseTexts, signal);
    const runs = await pruneRuns(needs, limits, signal);
    return {
      dryRun,
      events: { rows: events },
      tasks: { rows: tasks },
      agents: { rows: agents },
      toolUseTexts,
      runs,
      retention,
    };
  }

  return async ({ dryRun }: PruneExpired, signal: AbortSignal): Promise<PrunedExpired> => {
    using _place = await turnstile.enter();
    try {
      return await prune(dryRun, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new DomainError('unavailable', 'The server is stopping; what is left is pruned after its next start.');
    }
  };
}

function momentsOf(
  { eventsDays, finishedTasksDays, toolUseTextDays }: RetentionSettings,
  now: Timestamp,
): ExpiryMoments {
  const before = (days: number | 'forever') => (days === 'forever' ? 0 : Math.max(0, now - days * DAY_MS));
  const [events, tasks] = [before(eventsDays), before(finishedTasksDays)];
  // Both speak of agents.
  return { now, events, tasks, agents: Math.min(events, tasks), toolUseTexts: before(toolUseTextDays) };
}
