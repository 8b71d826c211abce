import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { isId } from '../input/id.js';
import type { ListOptions } from '../list/list-options.js';
import { printList } from '../list/print-list.js';
import { readPages } from '../list/read-pages.js';
import { escapeControls } from '../output/escape-controls.js';
import { formatMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Prints the registered directories, newest first. */
export async function listWorkspaces(context: Context, options: ListOptions): Promise<ExitCode> {
  await using client = await connect(context);
  const page = await readPages(
    options,
    (text) => isId('workspace', text),
    (part) => client.workspace.list.query(part),
  );
  const now = Date.now();
  printList(
    createTerminal(context),
    options,
    page,
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'NAME', text: ({ name }) => escapeControls(name), shrinks: true },
      { title: 'PATH', text: ({ path }) => escapeControls(path), shrinks: true },
      { title: 'BRANCH', text: ({ branch }) => escapeControls(branch ?? '-'), shrinks: true },
      { title: 'STATE', text: ({ dirty }) => (dirty === null ? '-' : dirty ? 'dirty' : 'clean') },
      { title: 'ADDED', text: ({ addedAt }) => formatMoment(addedAt, now) },
    ],
    'No workspaces yet. A task registers its own; or use: cw workspace add',
  );
  return EXIT.done;
}
