import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Opens an account that has reached a limit. */
export async function reopenAccount(context: Context, name: string, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const reopened = await client.agent.reopen.mutate({ account: name });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(reopened);
  else terminal.print(`The account ${reopened.account} is open again.`);
  return EXIT.done;
}
