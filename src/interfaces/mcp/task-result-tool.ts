import { z } from 'zod';
import type { Application } from '../../application/application.js';
import { GetTask, TaskOutcome } from '../../application/task/get-task.js';
import type { TaskId } from '../../domain/shared/id.js';
import { isFinished } from '../../domain/task/task.js';
import { headOf, shortened } from './capped.js';
import { CutOff, defineTool, type ToolCall } from './tool.js';

/** Longest wait of one call, in milliseconds; whoever wants to wait longer asks again. */
const MAX_WAIT_MS = 600_000;
/** A client that waits is told so often that the task still runs, in milliseconds: before it takes us for dead. */
const PROGRESS_MS = 10_000;
/** Bytes of JSON of a result's text in one answer; what stands around it has room beside it. */
const TEXT_BYTES = 20_000;
/** Attempts that are told of, the last ones: a failed one has a sentence. */
const MAX_ATTEMPTS_TOLD = 5;

const GetResult = GetTask.extend({
  waitMs: z
    .int()
    .min(0)
    .max(MAX_WAIT_MS)
    .default(0)
    .describe('How long to wait for the task to finish, in milliseconds; 0 answers at once.'),
  offset: z.int().min(0).default(0).describe('Where in the text of the result to begin; see nextOffset.'),
});

const Outcome = z.looseObject({
  ...TaskOutcome.pick({ taskId: true, status: true, result: true, error: true }).shape,
  /** Null when the text ends with this answer. */
  nextOffset: z.int().nullable(),
});

export const taskResult = defineTool({
  name: 'task_result',
  title: 'Get the result of a task',
  description:
    'Gives what a task printed and how it ended; with waitMs it waits for that. A long text comes in pieces: call again ' +
    'with offset = nextOffset.',
  isReadOnly: true,
  input: GetResult,
  output: Outcome,
  async run({ taskId, waitMs, offset }, call) {
    if (waitMs > 0) await untilFinished(taskId, waitMs, call);
    const outcome = await call.app.getResult({ taskId });
    const whole = outcome.result?.text ?? '';
    const text = headOf(whole.slice(offset), TEXT_BYTES);
    const end = offset + text.length;
    const nextOffset = end < whole.length ? end : null;
    const result = outcome.result === null ? null : { ...outcome.result, text };
    const attempts = outcome.attempts.slice(-MAX_ATTEMPTS_TOLD);
    return {
      structured: shortened({ ...outcome, result, attempts, nextOffset }),
      text: [headline(outcome), text, rest(nextOffset, whole.length)].filter((part) => part !== '').join('\n\n'),
    };
  },
});

function headline({ taskId, status, result, error }: Awaited<ReturnType<Application['getResult']>>): string {
  if (error !== null) return `${taskId} is ${status}: ${headOf(error.message, TEXT_BYTES / 10)}`;
  if (result === null) return `${taskId} is ${status}; there is no result yet. Wait for it with waitMs.`;
  const before = result.truncated
    ? ` This is the end of ${String(result.bytes)} bytes of output; all of it: cw task logs ${taskId}`
    : '';
  return `${taskId} is ${status}.${before}`;
}

function rest(nextOffset: number | null, length: number): string {
  if (nextOffset === null) return '';
  return `[${String(length - nextOffset)} characters are left: task_result with offset ${String(nextOffset)}]`;
}

/** Returns when the task has finished or the time is over. Throws CutOff when the server closes meanwhile. */
async function untilFinished(taskId: TaskId, waitMs: number, call: ToolCall): Promise<void> {
  const { app, signal, closing } = call;
  // By hand: AbortSignal.any keeps what it made for as long as the long-lived signal lives (Node 20).
  const until = new AbortController();
  const stop = () => until.abort();
  const signals = [signal, closing];
  for (const source of signals) source.addEventListener('abort', stop, { once: true });
  const startedAt = performance.now();
  let status = 'waiting';
  const tell = () => {
    const waitedMs = Math.round(performance.now() - startedAt);
    call.progress(waitedMs, `${taskId} is ${status} after ${String(Math.round(waitedMs / 1_000))} s.`);
  };
  const limit = setTimeout(stop, waitMs);
  const beat = setInterval(tell, PROGRESS_MS);
  try {
    if (signals.some(({ aborted }) => aborted)) stop();
    for await (const { task } of app.watchTask({ taskId }, until.signal)) {
      if (isFinished(task)) return;
      if (task.status === status) continue;
      status = task.status;
      tell();
    }
  } catch (error) {
    if (!until.signal.aborted) throw error;
  } finally {
    clearTimeout(limit);
    clearInterval(beat);
    for (const source of signals) source.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (closing.aborted) throw new CutOff();
}
