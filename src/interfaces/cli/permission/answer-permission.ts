import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { toOneLine } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Answers what an agent asks leave for. */
export async function answerPermission(
  context: Context,
  answer: 'allow' | 'deny',
  id: string,
  { json, always = false, message }: JsonOption & { always?: boolean; message?: string },
): Promise<ExitCode> {
  const permissionId = parseId('perm', id);
  await using client = await connect(context);
  const permission = await client.permission.answer.mutate({ permissionId, answer, always, message });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(permission);
  else terminal.print(`${permission.id} is ${permission.status}: ${toOneLine(permission.title)}`);
  return EXIT.done;
}
