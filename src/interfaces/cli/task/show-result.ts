import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { toOneLine } from '../output/escape-controls.js';
import { formatSize } from '../output/sizes.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { printResult } from './print-result.js';

/** Prints what a task gave; one that gave nothing is a refusal that says how it stands. */
export async function showResult(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const { status, result, error, attempts } = await client.task.result.query({ taskId });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson({ taskId, status, result, error, attempts });
  if (status === 'failed' || status === 'cancelled') {
    throw new CliError(EXIT.failed, `${taskId} ${status}: ${toOneLine(error?.message ?? 'without a reason')}`);
  }
  if (result === null) {
    throw new CliError(
      EXIT.notAllowed,
      `${taskId} has no result yet: it is ${status}. Wait with: cw task logs -f ${taskId}`,
    );
  }
  if (json !== true) printResult(terminal, result);
  if (result.truncated) {
    terminal.note(`Only the end of ${formatSize(result.bytes)} of output; all of it: cw task logs ${taskId}`);
  }
  return EXIT.done;
}
