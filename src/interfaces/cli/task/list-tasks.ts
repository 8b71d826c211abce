import type { Task, TaskStatus } from '../../../domain/task/task.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { isId } from '../input/id.js';
import type { ListOptions } from '../list/list-options.js';
import { printList, statusColumn } from '../list/print-list.js';
import { readPages } from '../list/read-pages.js';
import { toOneLine } from '../output/escape-controls.js';
import { formatDuration, formatMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { readSelection, type SelectionOptions } from './selection.js';
import { STATUS_COLOURS } from './task-statuses.js';
import { describeLimit, type Limit, limitOf } from './waits-for.js';

/** Which tasks to list. */
export interface TaskListOptions extends ListOptions, SelectionOptions {}

/** Prints tasks, newest first. */
export async function listTasks(context: Context, options: TaskListOptions): Promise<ExitCode> {
  await using client = await connect(context);
  // Commander has let through none but the statuses that there are.
  const status = options.status as TaskStatus | undefined;
  const filter = { ...(await readSelection(client, options)), status };
  const limits = options.json === true ? [] : await client.agent.limits.query();
  const page = await readPages(
    options,
    (text) => isId('task', text),
    (part) => client.task.list.query({ ...filter, ...part }),
  );
  const terminal = createTerminal(context);
  const now = Date.now();
  printList(
    terminal,
    options,
    page,
    [
      { title: 'ID', text: ({ id }) => id },
      statusColumn(terminal, STATUS_COLOURS),
      { title: 'AGENT', text: ({ agent }) => agent },
      { title: 'WHEN', text: (task) => whenOf(task, limitOf(task, limits), now) },
      { title: 'TOOK', text: (task) => tookOf(task, now), align: 'right' },
      { title: 'PROMPT', text: ({ prompt }) => toOneLine(prompt), shrinks: true },
    ],
    'No tasks. Give one with: cw spawn …',
  );
  const waitedFor = limits.filter((limit) => page.items.some((task) => limitOf(task, limits) === limit));
  for (const limit of waitedFor) {
    const { account } = limit;
    terminal.note(`The account ${account} is ${describeLimit(limit, now)} · open it: cw agent reopen ${account}`);
  }
  return EXIT.done;
}

/** The moment that matters most in this state: when it ends or ended, starts or started. */
function whenOf(task: Task, limit: Limit | null, now: number): string {
  if (limit !== null) return limit.state === 'closed' ? `limit ${formatMoment(limit.until, now)}` : 'limit on trial';
  if (task.finishedAt !== null) return formatMoment(task.finishedAt, now);
  if (task.status === 'scheduled') return formatMoment(task.runAt, now);
  if (task.status === 'processing') return formatMoment(task.startedAt, now);
  return formatMoment(task.createdAt, now);
}

function tookOf({ startedAt, finishedAt, status }: Task, now: number): string {
  if (startedAt === null || (finishedAt === null && status !== 'processing')) return '-';
  return formatDuration((finishedAt ?? now) - startedAt);
}
