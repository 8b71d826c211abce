import { z } from 'zod';
import { TaskId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { ProfileName } from '../task/task.js';

/** `rate`: too much at once, for seconds or minutes. `usage`: what an account may use in hours, days or a week is used. */
export const LimitKind = z.enum(['rate', 'usage']);
export type LimitKind = z.infer<typeof LimitKind>;

/**
 * An account that has reached a limit. Until `closedUntil` none of its tasks is handed out. Then it is on trial: one
 * task at a time, the `probe`, tries it until one gets through, and only then it is open again, which is to have no gate.
 */
export const LimitGate = z.object({
  account: ProfileName,
  kind: LimitKind,
  /** What the agent said of it. */
  reason: z.string(),
  /** Since when it has not been open. */
  since: Timestamp,
  closedAt: Timestamp,
  closedUntil: Timestamp,
  /** How often in a row the limit was met and nobody said when it is reset. */
  strikes: z.int().nonnegative(),
  probe: z.object({ taskId: TaskId, epoch: z.int().min(1) }).nullable(),
});
export type LimitGate = z.infer<typeof LimitGate>;

/** The facts about the limits of accounts. */
export type LimitEvent =
  | {
      type: 'account.limited';
      at: Timestamp;
      data: { account: string; kind: LimitKind; until: Timestamp; reason: string };
    }
  | {
      type: 'account.reopened';
      at: Timestamp;
      data: { account: string; by: 'task' | 'time' | 'request' };
    };
