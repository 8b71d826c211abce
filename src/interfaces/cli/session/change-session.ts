import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

const DONE = {
  pause: 'is paused: nothing of it is remembered until it is resumed.',
  resume: 'goes on.',
  close: 'is closed.',
} as const;

/** Pauses, resumes or closes a session. */
export async function changeSession(
  context: Context,
  change: keyof typeof DONE,
  id: string,
  { json }: JsonOption,
): Promise<ExitCode> {
  const sessionId = parseId('session', id);
  await using client = await connect(context);
  const session = await client.session[change].mutate({ sessionId });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(session);
  else terminal.print(`${sessionId} ${DONE[change]}`);
  return EXIT.done;
}
