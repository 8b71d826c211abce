import type { Output } from '../../../application/task/watch-output.js';
import type { Event } from '../../../domain/event/event.js';
import type { FinishedTask, Task } from '../../../domain/task/task.js';
import type { Client } from '../server/connect.js';

/**
 * Resolves with the task once it has finished. `onUpdate` gets it at first and at every change, with the event that
 * changed it. The client re-connects by itself and goes on where it was; `onConnection` hears of it.
 */
export function untilTaskFinishes(
  client: Client,
  taskId: Task['id'],
  onUpdate: (task: Task, event: Event | null) => void,
  onConnection: (isLost: boolean) => void,
): Promise<FinishedTask> {
  return new Promise((resolve, reject) => {
    let last: Task | undefined;
    const subscription = client.task.onUpdate.subscribe(
      { taskId },
      {
        onData: ({ data: { task, event } }) => {
          last = task;
          onUpdate(task, event);
          if (!isFinished(task)) return;
          subscription.unsubscribe();
          resolve(task);
        },
        onConnectionStateChange: ({ error }) => onConnection(error !== null),
        onError: reject,
        onComplete: () => {
          if (last === undefined || !isFinished(last))
            reject(new Error(`The updates of ${taskId} ended before it did.`));
        },
      },
    );
  });
}

/** As the domain says it; by the one field that tells, because the domain's own function comes with zod. */
function isFinished(task: Task): task is FinishedTask {
  return task.finishedAt !== null;
}

/** Hands over a task's output piece by piece. Resolves when it has ended. */
export function untilOutputEnds(
  client: Client,
  input: { readonly taskId: Task['id']; readonly from?: { epoch: number; offset: number }; readonly follow?: boolean },
  onPiece: (piece: Output) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.task.output.subscribe(input, {
      onData: ({ data }) => onPiece(data),
      onError: reject,
      onComplete: resolve,
    });
  });
}
