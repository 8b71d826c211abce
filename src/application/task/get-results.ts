import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import { type Task, TaskError, TaskResult, TaskStatus } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { RESULT_TEXT_LIMIT } from '../ports/attempt-files.js';
import type { GetTask } from './get-task.js';

/** Longest texts of all results together, in UTF-16 code units; of many, each one has an equal share. */
const MAX_RESULTS_LENGTH = 1_048_576;
/** Tasks that are read in one go: with the longest results some 3 MB, a few milliseconds. */
const STEP = 50;

/**
 * What a task gave that another one comes after. `status` is null when it is not kept any more, `output` names the file
 * with the whole output of its last attempt. A text that was cut is the end of the output, as always.
 */
export const EarlierResult = z.object({
  id: TaskId,
  status: TaskStatus.nullable(),
  result: TaskResult.nullable(),
  error: TaskError.nullable(),
  output: z.string().nullable(),
});
export type EarlierResult = z.infer<typeof EarlierResult>;

/** Reads what the tasks gave that this one comes after, in the order of `after`; not what was said before in its own conversation. */
export function createReadResults({ read, runFiles }: Pick<Dependencies, 'read' | 'runFiles'>) {
  async function resultOf(id: TaskId, task: Task | undefined, longest: number): Promise<EarlierResult> {
    if (task === undefined) return { id, status: null, result: null, error: null, output: null };
    const { status, result, error, epoch } = task;
    const output = epoch === 0 ? null : await runFiles.locate(attemptName(id, epoch));
    return { id, status, result: result === null ? null : endOf(result, longest), error, output };
  }

  return async ({ after, sessionId }: Pick<Task, 'after' | 'sessionId'>): Promise<EarlierResult[]> => {
    const longest = Math.min(RESULT_TEXT_LIMIT, Math.floor(MAX_RESULTS_LENGTH / Math.max(1, after.length)));
    const results: EarlierResult[] = [];
    for (let at = 0; at < after.length; at += STEP) {
      const ids = after.slice(at, at + STEP);
      const tasks = await read(({ tasks: store }) => Promise.all(ids.map((id) => store.find(id))));
      for (const [place, id] of ids.entries()) {
        const task = tasks[place];
        const isSaidBefore = sessionId !== null && task?.sessionId === sessionId;
        if (!isSaidBefore) results.push(await resultOf(id, task, longest));
      }
    }
    return results;
  };
}

export function createGetResults(needs: Pick<Dependencies, 'read' | 'runFiles'>) {
  const readResults = createReadResults(needs);
  return async ({ taskId }: GetTask): Promise<EarlierResult[]> =>
    readResults(await needs.read(({ tasks }) => tasks.get(taskId)));
}

/** A result with the end of its text at most, and no half of a character. */
function endOf(result: TaskResult, longest: number): TaskResult {
  const { text } = result;
  if (text.length <= longest) return result;
  const start = text.length - longest;
  const first = text.charCodeAt(start);
  const splitsPair = first >= 0xdc00 && first <= 0xdfff;
  return { ...result, text: text.slice(splitsPair ? start + 1 : start), truncated: true };
}
