import { usageError } from '../cli-error.js';
import type { Client } from '../server/connect.js';
import type { ChangeTasksOptions, TaskWork } from './change-tasks.js';
import { isSelection, readSelection } from './selection.js';

/** What is the same for all that can be done to tasks that did not complete. They are chosen by their state first of all. */
export function ofLostTasks(options: ChangeTasksOptions): Pick<TaskWork, 'what' | 'count'> {
  const { status } = options;
  if (status === undefined && isSelection(options)) throw usageError('Say --status failed or --status cancelled too.');
  return {
    what: (one) => `${status ?? ''} ${one ? 'task' : 'tasks'}`,
    count: async (client) => client.task.count.query({ filter: await readLost(client, options) }),
  };
}

/** What the server is asked for; commander has let through no other status. */
export async function readLost(client: Client, options: ChangeTasksOptions) {
  return { ...(await readSelection(client, options)), status: options.status as 'failed' | 'cancelled' | undefined };
}
