import type { TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { TaskErrorCode, TaskStatus } from './task.js';

interface About<Type extends string, Data> {
  type: Type;
  at: Timestamp;
  taskId: TaskId;
  data: Data;
}

/** The facts about tasks. `epoch` names the attempt. */
export type TaskEvent =
  | About<
      'task.enqueued',
      // The deadline is left out where there is none: this is the most frequent event of all.
      { status: TaskStatus; agent: string; priority: number; runAt: Timestamp; deadline?: Timestamp }
    >
  | About<'task.changed', { status: TaskStatus; priority: number; runAt: Timestamp; deadline: Timestamp | null }>
  | About<'task.unblocked', { status: TaskStatus; by: 'dependencies' | 'time' | 'answer' | 'limit' }>
  | About<'task.rerouted', { from: string; to: string; message: string }>
  // `waitedMs`: since `runAt`, when it could run at the earliest.
  | About<'task.started', { epoch: number; attempt: number; agentId: string; waitedMs: number }>
  | About<'task.progressed', { epoch: number; message: string; fraction: number | null }>
  | About<'task.completed', { epoch: number; exitCode: number | null; durationMs: number }>
  | About<'task.failed', { epoch: number; code: TaskErrorCode; message: string }>
  | About<
      'task.retried',
      { epoch: number; code: TaskErrorCode; message: string; runAt: Timestamp; by: 'backoff' | 'request' }
    >
  | About<'task.parked', { epoch: number; code: TaskErrorCode; message: string; runAt: Timestamp }>
  | About<'task.cancelled', { epoch: number; reason: string }>
  | About<'task.discarded', { epoch: number; status: TaskStatus }>
  | About<'task.interrupted', { epoch: number; reason: string }>;
