import { dayOf } from '../../domain/distil/spend.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import { addUsage, NO_USAGE, type Usage, usedSince } from '../../domain/usage/usage.js';
import type { Dependencies } from '../dependencies.js';
import type { CumulativeUsage } from '../ports/agent-update.js';

/** What a task, and its agent's profile today, have used. */
export interface UsedSoFar {
  readonly task: Usage;
  readonly day: Usage;
}

/** Bills what an agent has used since it last told, by the figures that count from the conversation's begin. */
export function createNoteUsage({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (
    { id: taskId, agent: profile }: ProcessingTask,
    sessionId: SessionId,
    told: CumulativeUsage,
  ): Promise<UsedSoFar> => {
    const now = usageOf(told);
    return transaction(async ({ usage }) => {
      const day = dayOf(clock());
      const used = usedSince(await usage.ofSession(sessionId), now);
      const before = { task: await usage.ofTask(taskId), day: await usage.onDay(profile, day) };
      await usage.setSession(sessionId, now);
      await usage.add({ taskId, profile, day }, used);
      return { task: addUsage(before.task, used), day: addUsage(before.day, used) };
    });
  };
}

/** What a task, and its agent's profile today, have used. */
export function createUsedSoFar({ read, clock }: Pick<Dependencies, 'read' | 'clock'>) {
  return ({ id, agent }: Pick<ProcessingTask, 'id' | 'agent'>): Promise<UsedSoFar> =>
    read(async ({ usage }) => ({
      task: await usage.ofTask(id),
      day: await usage.onDay(agent, dayOf(clock())),
    }));
}

function usageOf({ inputTokens, outputTokens, cachedTokens, costUsd }: CumulativeUsage): Usage {
  const whole = (figure: number) => (Number.isFinite(figure) ? Math.max(0, Math.round(figure)) : 0);
  return {
    ...NO_USAGE,
    inputTokens: whole(inputTokens),
    outputTokens: whole(outputTokens),
    cachedTokens: whole(cachedTokens),
    microUsd: whole((costUsd ?? 0) * 1e6),
  };
}
