import type { Workspace } from '../../../domain/workspace/workspace.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { findWorkspace } from './find-workspace.js';

/** Characters of a commit that are shown, as git shows them. */
const SHORT_COMMIT = 8;

/** Counts a workspace's files and shows what git says about it. */
export async function scanWorkspace(context: Context, place: string, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const scan = await client.workspace.scan.mutate({ workspaceId: await findWorkspace(client, place) });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(scan);
    return EXIT.done;
  }
  const { workspace, files, directories, complete } = scan;
  const most = complete ? '' : 'over ';
  terminal.print(
    `${escapeControls(workspace.path)}: ${most}${count(files, 'file')} in ${count(directories, 'directory', 'directories')}`,
  );
  terminal.print(describeGit(workspace));
  if (workspace.notice !== null) terminal.note(escapeControls(workspace.notice));
  return EXIT.done;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

function describeGit({ repository, branch, head, dirty }: Workspace): string {
  if (repository === null && branch === null && head === null) return 'no git repository';
  const where = branch ?? 'no branch';
  const at = head === null ? 'no commit yet' : `at ${head.slice(0, SHORT_COMMIT)}`;
  const state = dirty === null ? [] : [dirty ? 'dirty' : 'clean'];
  return escapeControls([where, at, ...state, ...(repository === null ? [] : [repository])].join(', '));
}
