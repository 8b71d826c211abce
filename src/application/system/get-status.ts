import { z } from 'zod';
import { Position } from '../../domain/event/event.js';
import type { AgentPool } from '../agent/agent-pool.js';
import type { Dependencies } from '../dependencies.js';
import { type createQueueStats, QueueStats } from '../queue/queue-stats.js';

const Count = z.int().nonnegative();

/** Queue, pool, sessions and memory at a glance. */
export const Status = z.object({
  queue: QueueStats,
  pool: z.object({ max: Count, starting: Count, idle: Count, busy: Count, stopping: Count }),
  sessions: z.object({ active: Count, paused: Count }),
  memory: z.object({ observations: Count, waiting: Count }),
  events: z.object({ position: Position }),
});
export type Status = z.infer<typeof Status>;

export function createGetStatus({
  read,
  eventLog,
  queueStats,
  pool,
}: Pick<Dependencies, 'read' | 'eventLog'> & {
  readonly queueStats: ReturnType<typeof createQueueStats>;
  readonly pool: AgentPool;
}) {
  return async (): Promise<Status> => {
    const counted = await read(async ({ sessions, memory }) => ({
      sessions: await sessions.open(),
      memory: await memory.counts(),
    }));
    const { end } = await eventLog.bounds();
    return { queue: await queueStats(), pool: pool.counts(), ...counted, events: { position: end } };
  };
}
