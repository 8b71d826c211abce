import type { ScheduleId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';

type Which = { scheduleId: ScheduleId; name: string };

/** The facts about schedules. */
export type ScheduleEvent =
  | {
      /** `changed`: its next time is another one, because the clock was put back or a time zone has other rules. */
      type: 'schedule.added' | 'schedule.changed' | 'schedule.resumed';
      at: Timestamp;
      data: Which & { nextAt: Timestamp | null };
    }
  | { type: 'schedule.paused' | 'schedule.removed'; at: Timestamp; data: Which }
  | {
      type: 'schedule.fired';
      at: Timestamp;
      taskId: TaskId;
      /**
       * `due` is the time that it stands for, `since` the first one if it stands for several; both null on request.
       * `existing`: by its unique key another task stands for it.
       */
      data: Which & {
        by: 'time' | 'request';
        due: Timestamp | null;
        since: Timestamp | null;
        existing: boolean;
      };
    }
  /** Its times from `from` to before `before` got no task. */
  | { type: 'schedule.missed'; at: Timestamp; data: Which & { from: Timestamp; before: Timestamp | null } }
  | { type: 'schedule.failed'; at: Timestamp; data: Which & { code: string; message: string } };
