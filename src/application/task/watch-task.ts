import { z } from 'zod';
import { type Event, Position } from '../../domain/event/event.js';
import { TaskId } from '../../domain/shared/id.js';
import { isFinished, type Task } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** `after` is the position to go on from; without it the task's present state comes first. */
export const WatchTask = z.strictObject({ taskId: TaskId, after: Position.optional() });
export type WatchTask = z.infer<typeof WatchTask>;

/** A task as it is now, and what changed it: null for the state that a watch begins with. */
export interface TaskUpdate {
  position: Position;
  event: Event | null;
  task: Task;
}

/** Follows one task. Returns after the update that shows it finished; else throws the signal's reason. */
export function createWatchTask(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock'>) {
  return async function* watchTask(
    { taskId, after }: WatchTask,
    signal: AbortSignal,
  ): AsyncGenerator<TaskUpdate, void> {
    const load = () => needs.read(({ tasks }) => tasks.get(taskId));
    const from = after ?? (await needs.eventLog.bounds()).end;
    const first = await load();
    if (after === undefined || isFinished(first)) yield { position: from, event: null, task: first };
    if (isFinished(first)) return;
    for await (const followed of followLog(needs, from, signal)) {
      if (followed.type !== 'reset' && followed.taskId !== taskId) continue;
      const task = await load();
      yield { position: followed.position, event: followed.type === 'reset' ? null : followed, task };
      if (isFinished(task)) return;
    }
  };
}
