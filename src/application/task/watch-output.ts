import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import { isFinished } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** A place in a task's output: a byte of the output of the attempt with this epoch. */
export const OutputCursor = z.object({ epoch: z.int().min(1), offset: z.int().nonnegative() });
export type OutputCursor = z.infer<typeof OutputCursor>;

/** Without `from` it begins with the present attempt. Without `follow` it ends where the output ends now. */
export const WatchOutput = z.strictObject({
  taskId: TaskId,
  from: OutputCursor.optional(),
  follow: z.boolean().default(true),
});
export type WatchOutput = z.infer<typeof WatchOutput>;

/** A piece of output. `next` is where the following one begins. */
export interface Output {
  taskId: TaskId;
  epoch: number;
  offset: number;
  text: string;
  next: OutputCursor;
}

/** The output of a task, attempt after attempt. Returns at its end; else throws the signal's reason. */
export function createWatchOutput(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock' | 'runFiles'>) {
  const { read, eventLog, runFiles } = needs;
  return async function* watchOutput(
    { taskId, from, follow }: WatchOutput,
    signal: AbortSignal,
  ): AsyncGenerator<Output, void> {
    const load = () => read(({ tasks }) => tasks.get(taskId));
    let { epoch, offset } = from ?? { epoch: Math.max(1, (await load()).epoch), offset: 0 };
    for (;;) {
      signal.throwIfAborted();
      const waiting = new AbortController();
      const stopWaiting = () => {
        waiting.abort();
      };
      signal.addEventListener('abort', stopWaiting, { once: true });
      try {
        // Both are armed before the task and its file are read, so that no change can fall between.
        const { end } = await eventLog.bounds();
        const grown = runFiles.grown(attemptName(taskId, epoch), waiting.signal);
        const task = await load();
        const chunk = await runFiles.read(attemptName(taskId, epoch), offset);
        if (chunk.end > offset) {
          yield { taskId, epoch, offset: chunk.offset, text: chunk.text, next: { epoch, offset: chunk.end } };
          offset = chunk.end;
        } else if (task.epoch > epoch) {
          epoch += 1;
          offset = 0;
        } else if (!follow || isFinished(task)) {
          return;
        } else {
          await Promise.race([grown, changed(needs, taskId, end, waiting.signal)]);
        }
      } finally {
        signal.removeEventListener('abort', stopWaiting);
        waiting.abort();
      }
    }
  };
}

/** Resolves at the first event about this task after `position`, or when the signal is aborted. */
async function changed(
  needs: Pick<Dependencies, 'eventLog' | 'clock'>,
  taskId: TaskId,
  position: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const followed of followLog(needs, position, signal)) {
      if (followed.type === 'reset' || followed.taskId === taskId) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
