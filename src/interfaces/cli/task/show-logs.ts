import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { createOutputPrinter } from './output-printer.js';
import { untilOutputEnds } from './watch-task.js';

/** Prints the output of a task's present attempt, and with `follow` what comes until the task has finished. */
export async function showLogs(
  context: Context,
  id: string,
  { follow = false, json = false }: { readonly follow?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const printer = createOutputPrinter(createTerminal(context), json);
  await untilOutputEnds(client, { taskId, follow }, (piece) => printer.print(piece));
  printer.end();
  return EXIT.done;
}
