import type { ScheduleId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { ActiveSchedule, Schedule } from './schedule.js';

/** Which schedules a list shows, newest first. */
export interface ScheduleFilter {
  readonly before?: ScheduleId | undefined;
  readonly limit: number;
}

export interface ScheduleReader {
  find(id: ScheduleId): Promise<Schedule | undefined>;
  findByName(name: string): Promise<Schedule | undefined>;
  list(filter: ScheduleFilter): Promise<Schedule[]>;
  count(): Promise<number>;
  /** Those whose next time is not after `now`, the longest due first. */
  due(now: Timestamp, limit: number): Promise<ActiveSchedule[]>;
  /** The next time of all; null if there is none. */
  nextAt(): Promise<Timestamp | null>;
}

export interface ScheduleRepository extends ScheduleReader {
  /** Throws `conflict` for a name that is taken. */
  insert(schedule: Schedule): Promise<void>;
  save(schedule: Schedule): Promise<void>;
  remove(id: ScheduleId): Promise<void>;
}
