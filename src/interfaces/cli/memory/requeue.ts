import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

export interface RequeueOptions extends JsonOption {
  readonly session?: string;
}

/** Has the model try again what it failed on. */
export async function requeue(context: Context, { session, json }: RequeueOptions): Promise<ExitCode> {
  await using client = await connect(context);
  const requeued = await client.observation.requeue.mutate(
    session === undefined ? {} : { sessionId: parseId('session', session) },
  );
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(requeued);
  else terminal.print(`${String(requeued.toolUses)} tool uses wait for the model again.`);
  return EXIT.done;
}
