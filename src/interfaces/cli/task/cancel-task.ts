import type { ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { type ChangeTasksOptions, changeTasks } from './change-tasks.js';
import { readSelection } from './selection.js';

export interface CancelOptions extends ChangeTasksOptions {
  readonly reason?: string;
}

/** Cancels tasks; their agents are stopped by the server afterwards. */
export function cancelTasks(context: Context, ids: readonly string[], options: CancelOptions): Promise<ExitCode> {
  const { reason } = options;
  // Commander has let through no other status.
  const status = options.status as 'blocked' | 'scheduled' | 'pending' | 'processing' | undefined;
  return changeTasks(context, ids, options, {
    verb: 'Cancel',
    past: 'Cancelled',
    what: (one) => {
      const tasks = one ? 'task' : 'tasks';
      return status === undefined ? `unfinished ${tasks}` : `${status} ${tasks}`;
    },
    one: (client, taskId) => client.task.cancel.mutate({ taskId, reason }),
    said: ({ id }) => `${id} is cancelled.`,
    count: async (client) => {
      const filter = { ...(await readSelection(client, options)), status };
      return client.task.count.query({ filter: { ...filter, unfinished: true } });
    },
    many: async (client) =>
      client.task.cancelMany.mutate({ filter: { ...(await readSelection(client, options)), status }, reason }),
  });
}
