import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { describePart, type PartOptions, partFlags, readPart } from './queue-part.js';

/** Pauses the queue or a part of it; running tasks go on. */
export async function pause(context: Context, options: PartOptions): Promise<ExitCode> {
  const part = readPart(options);
  await using client = await connect(context);
  const state = await client.queue.pause.mutate(part);
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(state);
  else if (part === undefined) {
    terminal.print('The queue is paused: running tasks go on, no other starts until: cw queue resume');
  } else {
    const until = `cw queue resume${partFlags(part)}`;
    terminal.print(`Paused is ${describePart(part)}: its running tasks go on, no other starts until: ${until}`);
  }
  return EXIT.done;
}
