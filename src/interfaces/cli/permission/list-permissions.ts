import type { PermissionStatus } from '../../../domain/permission/permission.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { isId } from '../input/id.js';
import type { ListOptions } from '../list/list-options.js';
import { printList, statusColumn } from '../list/print-list.js';
import { readPages } from '../list/read-pages.js';
import { toOneLine } from '../output/escape-controls.js';
import { formatMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { PERMISSION_COLOURS } from './permission-statuses.js';

/** Prints what agents ask leave for, newest first; what waits for an answer, unless something else is asked for. */
export async function listPermissions(
  context: Context,
  options: ListOptions & { status?: string; all?: boolean },
): Promise<ExitCode> {
  await using client = await connect(context);
  // Commander has let through none but the statuses that there are.
  const status = options.all === true ? undefined : ((options.status ?? 'waiting') as PermissionStatus);
  const page = await readPages(
    options,
    (text) => isId('perm', text),
    (part) => client.permission.list.query({ status, ...part }),
  );
  const terminal = createTerminal(context);
  const now = Date.now();
  printList(
    terminal,
    options,
    page,
    [
      { title: 'ID', text: ({ id }) => id },
      statusColumn(terminal, PERMISSION_COLOURS),
      { title: 'AGENT', text: ({ profile }) => profile },
      { title: 'TASK', text: ({ taskId }) => taskId },
      { title: 'ASKED', text: ({ askedAt }) => formatMoment(askedAt, now) },
      { title: 'TOOL', text: ({ tool }) => toOneLine(tool) },
      {
        title: 'WHAT',
        text: ({ title, reason }) => toOneLine(reason === null ? title : `${title} (${reason})`),
        shrinks: true,
      },
    ],
    'Nobody asks for anything.',
  );
  return EXIT.done;
}
