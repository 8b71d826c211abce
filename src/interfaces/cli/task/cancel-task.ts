import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Cancels a task; its agent is stopped by the server afterwards. */
export async function cancelTask(
  context: Context,
  id: string,
  { reason, json }: JsonOption & { reason?: string },
): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const task = await client.task.cancel.mutate({ taskId, reason });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(task);
  else terminal.print(`${taskId} is cancelled.`);
  return EXIT.done;
}
