import type { SessionStatus } from '../../../domain/session/session.js';
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
import { findWorkspace } from '../workspace/find-workspace.js';
import { SESSION_COLOURS } from './session-statuses.js';

/** Prints sessions, newest first. */
export async function listSessions(
  context: Context,
  options: ListOptions & { status?: string; workspace?: string },
): Promise<ExitCode> {
  await using client = await connect(context);
  const filter = {
    // Commander has let through none but the statuses that there are.
    status: options.status as SessionStatus | undefined,
    workspaceId: options.workspace === undefined ? undefined : await findWorkspace(client, options.workspace),
  };
  const page = await readPages(
    options,
    (text) => isId('session', text),
    (part) => client.session.list.query({ ...filter, ...part }),
  );
  const terminal = createTerminal(context);
  const now = Date.now();
  printList(
    terminal,
    options,
    page,
    [
      { title: 'ID', text: ({ id }) => id },
      statusColumn(terminal, SESSION_COLOURS),
      { title: 'AGENT', text: ({ agent }) => agent },
      { title: 'PROMPTS', text: ({ prompts }) => String(prompts), align: 'right' },
      { title: 'STARTED', text: ({ startedAt }) => formatMoment(startedAt, now) },
      { title: 'TITLE', text: ({ title }) => toOneLine(title), shrinks: true },
    ],
    'No sessions.',
  );
  return EXIT.done;
}
