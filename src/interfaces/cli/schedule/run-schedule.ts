import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Enqueues a schedule's task now, and prints which that is. */
export async function runSchedule(context: Context, name: string, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const task = await client.schedule.run.mutate({ schedule: name });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(task);
    return EXIT.done;
  }
  if (task.existing) terminal.note(`No new task: ${task.id} has its unique key and is ${task.status}.`);
  terminal.print(task.id);
  terminal.note(`Follow it with: cw task logs -f ${task.id}`);
  return EXIT.done;
}
