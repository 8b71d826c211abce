import type { ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { type ChangeTasksOptions, changeTasks } from './change-tasks.js';
import { ofLostTasks, readLost } from './lost-tasks.js';

/** Takes failed or cancelled tasks out for good. */
export async function discardTasks(
  context: Context,
  ids: readonly string[],
  options: ChangeTasksOptions,
): Promise<ExitCode> {
  return changeTasks(context, ids, options, {
    ...ofLostTasks(options),
    verb: 'Discard',
    past: 'Discarded',
    one: (client, taskId) => client.task.discard.mutate({ taskId }),
    said: ({ id }) => `${id} is gone.`,
    many: async (client) => client.task.discardMany.mutate({ filter: await readLost(client, options) }),
  });
}
