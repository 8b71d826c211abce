import { z } from 'zod';
import { AccountLimit } from '../../application/limit/list-limits.js';
import { SessionId, TaskId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { type Task, TaskError, TaskStatus } from '../../domain/task/task.js';
import { headOf, shortened } from './capped.js';
import type { ToolAnswer } from './tool.js';

/** Bytes of a prompt that a sentence about its task quotes. */
const QUOTED_BYTES = 200;

/** What tools say of a task: a task of the API, of which these fields are described. */
export const TaskView = z.looseObject({
  id: TaskId,
  status: TaskStatus,
  prompt: z.string(),
  agent: z.string(),
  workspace: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  error: TaskError.nullable(),
  sessionId: SessionId.nullable(),
  limit: AccountLimit.optional(),
  /** Of a task that was asked for: it was there before, and stands for it by its unique key. */
  existing: z.boolean().optional(),
});

/** Answers with a task, and with the limit that it waits for. */
export function taskAnswer(task: Task, limits: readonly AccountLimit[] = []): ToolAnswer {
  const limit = limits.find(({ profiles }) => profiles.includes(task.agent));
  const text = taskSentence(task);
  if (task.status !== 'pending' || limit === undefined) return { structured: shortened(task), text };
  const { account, until } = limit;
  const why = `It waits: the account ${account} has reached a limit, until ${new Date(until).toISOString()}.`;
  return { structured: shortened({ ...task, limit }), text: `${text}\n${why}` };
}

function taskSentence({ id, status, agent, workspace, prompt, error }: Task): string {
  const head = headOf(prompt, QUOTED_BYTES);
  const why = error === null ? '' : ` ${error.message}`;
  const quoted = head.length < prompt.length ? `${head}…` : head;
  return `${id} is ${status} (agent ${agent}, in ${workspace}).${why}\nPrompt: ${quoted}`;
}
