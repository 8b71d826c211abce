import { z } from 'zod';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import { LastHour } from './last-hour.js';
import type { QueueMeter } from './queue-meter.js';

const Count = z.int().nonnegative();

/**
 * How many tasks are in which state, and what the queue did lately; `oldestPendingMs` is the age of the one that waits
 * longest for an agent.
 */
export const QueueStats = z.object({
  paused: z.boolean(),
  blocked: Count,
  scheduled: Count,
  pending: Count,
  processing: Count,
  completed: Count,
  failed: Count,
  cancelled: Count,
  oldestPendingMs: Timestamp.nullable(),
  lastHour: LastHour,
});
export type QueueStats = z.infer<typeof QueueStats>;

export function createQueueStats({
  read,
  clock,
  queueMeter,
}: Pick<Dependencies, 'read' | 'clock'> & { readonly queueMeter: QueueMeter }) {
  return (): Promise<QueueStats> =>
    read(async ({ tasks, queue }) => {
      const oldest = await tasks.oldestPending();
      const oldestPendingMs = oldest === null ? null : Math.max(0, clock() - oldest);
      return {
        paused: (await queue.get()).paused,
        ...(await tasks.counts()),
        oldestPendingMs,
        lastHour: queueMeter.read(),
      };
    });
}
