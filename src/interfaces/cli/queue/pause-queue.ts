import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Pauses the queue; running tasks go on. */
export async function pause(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const state = await client.queue.pause.mutate();
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(state);
  else terminal.print('The queue is paused: running tasks go on, no other starts until: cw queue resume');
  return EXIT.done;
}
