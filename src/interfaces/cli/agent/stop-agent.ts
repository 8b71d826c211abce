import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { describeReceipt } from './receipt.js';

/** Ends an agent and prints the receipt. A process that could not be ended makes it a failure. */
export async function stopAgent(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const agentId = parseId('agent', id);
  await using client = await connect(context);
  const receipt = await client.agent.stop.mutate({ agentId });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(receipt);
  else terminal.print(`${agentId} is stopped: ${describeReceipt(receipt)}.`);
  if (receipt.left > 0) throw new CliError(EXIT.failed, `Not every process of ${agentId} could be ended.`);
  return EXIT.done;
}
