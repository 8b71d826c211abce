import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { describePart, type PartOptions, readPart } from './queue-part.js';

/** Lets a paused queue, or a part of it, go on. */
export async function resume(context: Context, options: PartOptions): Promise<ExitCode> {
  const part = readPart(options);
  await using client = await connect(context);
  const state = await client.queue.resume.mutate(part);
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(state);
  else terminal.print(part === undefined ? 'The queue runs.' : `Resumed is ${describePart(part)}.`);
  return EXIT.done;
}
