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
import { AGENT_COLOURS } from './agent-statuses.js';
import { describeReceipt } from './receipt.js';

/** Prints agents, newest first. */
export async function listAgents(context: Context, options: ListOptions & { live?: true }): Promise<ExitCode> {
  await using client = await connect(context);
  const page = await readPages(
    options,
    (text) => isId('agent', text),
    (part) => client.agent.list.query({ live: options.live, ...part }),
  );
  const terminal = createTerminal(context);
  const now = Date.now();
  printList(
    terminal,
    options,
    page,
    [
      { title: 'ID', text: ({ id }) => id },
      statusColumn(terminal, AGENT_COLOURS),
      { title: 'PROFILE', text: ({ profile }) => profile },
      { title: 'TASK', text: ({ taskId }) => taskId ?? '-' },
      { title: 'STARTED', text: ({ startedAt }) => formatMoment(startedAt, now) },
      {
        title: 'END',
        text: ({ reason, receipt }) =>
          [reason === null ? '' : toOneLine(reason), receipt === null ? '' : describeReceipt(receipt)]
            .filter((part) => part !== '')
            .join(' '),
        shrinks: true,
      },
    ],
    'No agents. One is started when a task needs it.',
  );
  return EXIT.done;
}
