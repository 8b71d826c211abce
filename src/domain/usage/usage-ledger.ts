import type { SessionId, TaskId } from '../shared/id.js';
import type { Usage } from './usage.js';

export interface UsageLedgerReader {
  /** What a conversation had used when its agent last told; nothing for one that never told. */
  ofSession(id: SessionId): Promise<Usage>;
  ofTask(id: TaskId): Promise<Usage>;
  /** What agents of a profile have used on a UTC day, counted from 1970. */
  onDay(profile: string, day: number): Promise<Usage>;
}

/** What agents have used. */
export interface UsageLedger extends UsageLedgerReader {
  setSession(id: SessionId, usage: Usage): Promise<void>;
  /** Adds to a task and to the day of its agent's profile. */
  add(to: { readonly taskId: TaskId; readonly profile: string; readonly day: number }, usage: Usage): Promise<void>;
}
