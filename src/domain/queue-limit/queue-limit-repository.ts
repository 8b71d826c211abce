import type { TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { QueueLimit, QueuePart, Rate } from './queue-limit.js';

/** A limit, and of the newest starts that its rate counts the last and, if there are as many as it allows, the first. */
export type CountedLimit = QueueLimit & {
  readonly newestStart: Timestamp | null;
  readonly oldestStart: Timestamp | null;
};

/** A task of an exclusive group that has begun and not finished. While it `mayGoOn`, it alone of its group may go. */
export interface GroupHolder {
  readonly group: string;
  readonly taskId: TaskId;
  readonly mayGoOn: boolean;
}

export interface QueueLimitReader {
  /** By kind, then by name. */
  all(): Promise<CountedLimit[]>;
  find(part: QueuePart): Promise<QueueLimit | undefined>;
  /** How many of the starts that are kept for a part's rate were later than this. */
  startsAfter(part: QueuePart, time: Timestamp): Promise<number>;
  /** The exclusive groups that a task holds, and which. */
  holders(): Promise<GroupHolder[]>;
}

export interface QueueLimitRepository extends QueueLimitReader {
  /** Adds a limit, or takes the place of the one that the part has; starts are kept where there is a rate. */
  save(limit: QueueLimit): Promise<void>;
  remove(part: QueuePart): Promise<void>;
  /** Notes a start for this rate of a part. Returns the oldest of the newest `count`, null while there are fewer. */
  noteStart(part: QueuePart, rate: Rate, at: Timestamp): Promise<Timestamp | null>;
  /** Takes the starts of a part that lie ahead, since the clock was set back, as having been now. */
  pullBackStarts(part: QueuePart, now: Timestamp): Promise<void>;
}
