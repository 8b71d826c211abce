import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { Task } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import type { Ran } from '../ports/turn-end.js';
import { keepToolUse } from '../session/keep-tool-use.js';
import { type PreparedToolUse, prepareToolUse } from '../session/prepare-tool-use.js';
import { turnOf } from '../session/turn-of.js';

/** An attempt that was one run of a command, and how that went. */
export interface FinishedRun extends Ran {
  readonly taskId: TaskId;
  readonly epoch: number;
  readonly outcome: 'done' | 'failed';
  readonly exitCode: number | null;
  /** In place of an output, for a run that had none. */
  readonly message?: string;
}

/** The run as a tool use; null when it is not to be remembered. It takes time: not for within a transaction. */
export function prepareRun(
  { taskId, epoch, outcome, command, workspace, output, exitCode, message = '' }: FinishedRun,
  { redactor, isExcluded, settings }: Pick<Dependencies, 'redactor' | 'isExcluded' | 'settings'>,
): PreparedToolUse | null {
  if (!settings.memory.enabled) return null;
  const said = output === '' ? message : output;
  const result = exitCode === null || exitCode === 0 ? said : `Exit code ${String(exitCode)}\n${said}`;
  // All attempts at a task are one turn of its session: they are given the same prompt.
  const about = { toolUseId: attemptName(taskId, epoch), turn: taskId, name: 'shell', outcome, cwd: workspace };
  return prepareToolUse({ ...about, input: { command }, result }, 'stream', { redactor, isExcluded });
}

/** Remembers the run in the task's own session, unless its prompt was private. */
export async function keepRun(
  stores: Stores,
  { id: taskId, sessionId, workspaceId, startedAt }: Task,
  run: PreparedToolUse | null,
  now: Timestamp,
): Promise<void> {
  if (run === null || sessionId === null) return;
  if ((await turnOf(stores, { id: sessionId, taskId }, null, now)).isPrivate) return;
  const durationMs = startedAt === null ? null : Math.max(0, now - startedAt);
  await keepToolUse(stores, { id: sessionId, workspaceId }, { ...run, durationMs }, now);
}
