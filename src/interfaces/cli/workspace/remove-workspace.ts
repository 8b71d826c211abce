import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { findWorkspace } from './find-workspace.js';

/** Takes a directory off the list and touches nothing in it. */
export async function removeWorkspace(context: Context, place: string, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const workspace = await client.workspace.remove.mutate({ workspaceId: await findWorkspace(client, place) });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(workspace);
  else terminal.print(`${escapeControls(workspace.path)} is off the list; nothing in it was touched.`);
  return EXIT.done;
}
