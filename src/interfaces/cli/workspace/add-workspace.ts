import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Registers a directory; a relative one is meant from where the user is. */
export async function addWorkspace(context: Context, directory: string, { json }: JsonOption): Promise<ExitCode> {
  const path = resolve(directory);
  await using client = await connect(context);
  const workspace = await client.workspace.add.mutate({ path });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(workspace);
  else terminal.print(`${workspace.id} is ${escapeControls(workspace.path)}.`);
  return EXIT.done;
}
