import { z } from 'zod';
import { AgentId, isId, TaskId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { TaskError } from './task.js';

/** One try at a task, kept as its history. `outcome` is null while it runs. */
export const Attempt = z.object({
  taskId: TaskId,
  epoch: z.int().min(1),
  agentId: AgentId,
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  outcome: z.enum(['completed', 'failed', 'interrupted', 'cancelled']).nullable(),
  exitCode: z.int().nullable(),
  error: TaskError.nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

/** How an attempt ended. */
export type AttemptEnd = Pick<Attempt, 'exitCode' | 'error'> & {
  readonly outcome: NonNullable<Attempt['outcome']>;
  readonly finishedAt: Timestamp;
};

/** Whether it was cut off, and not put aside; its code is `crashed` when it counts nevertheless. */
export function wasInterrupted({ outcome, error }: Pick<Attempt, 'outcome' | 'error'>): boolean {
  return outcome === 'interrupted' && (error?.code === 'interrupted' || error?.code === 'crashed');
}

/** The name of the directory under `runs/` that holds an attempt's output. */
export function attemptName(taskId: TaskId, epoch: number): string {
  return `${taskId}-${String(epoch)}`;
}

/** The task of an attempt by its name; undefined for what is no such name. */
export function taskOfAttempt(name: string): TaskId | undefined {
  const [, taskId = ''] = /^(.*)-[1-9]\d{0,15}$/.exec(name) ?? [];
  return isId('task', taskId) ? taskId : undefined;
}
