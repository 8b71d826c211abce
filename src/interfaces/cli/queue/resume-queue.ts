import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Lets a paused queue go on. */
export async function resume(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const state = await client.queue.resume.mutate();
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(state);
  else terminal.print('The queue runs.');
  return EXIT.done;
}
