import { z } from 'zod';
import type { ModelLedgerReader } from '../../domain/distil/model-ledger.js';
import { dayOf } from '../../domain/distil/spend.js';
import { Position } from '../../domain/event/event.js';
import type { AgentPool } from '../agent/agent-pool.js';
import type { Dependencies } from '../dependencies.js';
import { AccountLimit, type createListLimits } from '../limit/list-limits.js';
import { listPausedParts, PartName } from '../queue/list-queue-limits.js';
import { type createQueueStats, QueueStats } from '../queue/queue-stats.js';

const Count = z.int().nonnegative();

/** Queue, pool, sessions and memory at a glance. */
export const Status = z.object({
  queue: QueueStats,
  /** The parts of the queue that are paused. */
  paused: z.array(PartName),
  /** The accounts that have reached a limit. */
  limits: z.array(AccountLimit),
  pool: z.object({ max: Count, starting: Count, idle: Count, busy: Count, stopping: Count }),
  sessions: z.object({ active: Count, paused: Count }),
  memory: z.object({
    observations: Count,
    waiting: Count,
    /** What the model that distils has cost on this UTC day, and where it has failed; null without a model. */
    spend: z
      .object({
        calls: Count,
        inputTokens: Count,
        outputTokens: Count,
        usd: z.number().nonnegative(),
        deadLetters: Count,
      })
      .nullable(),
  }),
  events: z.object({ position: Position }),
});
export type Status = z.infer<typeof Status>;

export function createGetStatus({
  read,
  eventLog,
  queueStats,
  listLimits,
  pool,
  hasModel,
  clock,
}: Pick<Dependencies, 'read' | 'eventLog' | 'clock'> & {
  readonly hasModel: boolean;
  readonly queueStats: ReturnType<typeof createQueueStats>;
  readonly listLimits: ReturnType<typeof createListLimits>;
  readonly pool: AgentPool;
}) {
  return async (): Promise<Status> => {
    const counted = await read(async ({ sessions, memory, ledger, ...stores }) => ({
      paused: await listPausedParts(stores),
      sessions: await sessions.open(),
      memory: { ...(await memory.counts()), spend: hasModel ? await spendOn(dayOf(clock()), ledger) : null },
    }));
    const { end } = await eventLog.bounds();
    return {
      queue: await queueStats(),
      limits: await listLimits(),
      pool: pool.counts(),
      ...counted,
      events: { position: end },
    };
  };
}

async function spendOn(day: number, ledger: ModelLedgerReader) {
  const { calls, inputTokens, outputTokens, microUsd } = await ledger.spentOn(day);
  return { calls, inputTokens, outputTokens, usd: microUsd / 1e6, deadLetters: await ledger.countDeadLetters() };
}
