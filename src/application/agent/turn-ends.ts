import type { StopReceipt } from '../../domain/agent/agent.js';
import type { TaskError } from '../../domain/task/task.js';
import type { AgentProcess } from '../ports/agent-process.js';
import type { AgentUpdate } from '../ports/agent-update.js';
import type { CutReason } from './turn-cut.js';

/** Of an end for which no process had to be ended. */
export const NOTHING: StopReceipt = { ended: 0, left: 0 };

type TurnEndUpdate = Extract<AgentUpdate, { type: 'turn_end' }>;
type ProcessEnd = Awaited<AgentProcess['ended']>;

/** A failed end; `exitCode` of a process that exited. */
export function failedEnd(error: TaskError, receipt: StopReceipt = NOTHING, exitCode: number | null = null) {
  return { outcome: 'failed', error, exitCode, receipt } as const;
}

export function failedTurn(...end: Parameters<typeof failedEnd>): TurnEndUpdate {
  return { type: 'turn_end', end: failedEnd(...end) };
}

/** The error of a turn that ran longer than this, in milliseconds. */
export function timeoutError(timeoutMs: number): TaskError {
  const seconds = String(Math.round(timeoutMs / 100) / 10);
  return { code: 'timeout', message: `Ran longer than its time limit of ${seconds} s and was stopped.` };
}

/** The end of a turn that was cut short. */
export function cutTurn(reason: CutReason, timeoutMs: number, receipt: StopReceipt = NOTHING): TurnEndUpdate {
  if (reason === 'aborted') return { type: 'turn_end', end: { outcome: 'aborted', receipt } };
  return failedTurn(timeoutError(timeoutMs), receipt);
}

/** What became of a process, in words that follow its name, and its exit code where it exited. */
export function exitOf(end: ProcessEnd): { readonly how: string; readonly exitCode: number | null } {
  switch (end.how) {
    case 'exited':
      return { how: `exited with code ${String(end.exitCode)}`, exitCode: end.exitCode };
    case 'killed':
      return { how: `was ended by signal ${end.signal}`, exitCode: null };
    case 'flooded':
      return { how: 'wrote more output than it may and was stopped', exitCode: null };
    default:
      return { how: 'was stopped', exitCode: null };
  }
}
