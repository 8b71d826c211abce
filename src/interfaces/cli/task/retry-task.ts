import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Gives a failed or cancelled task all its attempts again. */
export async function retryTask(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const task = await client.task.retry.mutate({ taskId });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(task);
  else terminal.print(`${taskId} is ${task.status} again.`);
  return EXIT.done;
}
