import type { ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { type ChangeTasksOptions, changeTasks } from './change-tasks.js';
import { ofLostTasks, readLost } from './lost-tasks.js';

/** Gives failed or cancelled tasks all their attempts again. */
export async function retryTasks(
  context: Context,
  ids: readonly string[],
  options: ChangeTasksOptions,
): Promise<ExitCode> {
  return changeTasks(context, ids, options, {
    ...ofLostTasks(options),
    verb: 'Retry',
    past: 'Retried',
    one: (client, taskId) => client.task.retry.mutate({ taskId }),
    said: ({ id, status }) => `${id} is ${status} again.`,
    many: async (client) => client.task.retryMany.mutate({ filter: await readLost(client, options) }),
  });
}
