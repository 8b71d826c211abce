import type { inferRouterOutputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { toOneLine } from '../output/escape-controls.js';
import { truncate } from '../output/table.js';
import { renderTree } from '../output/tree.js';
import { connect } from '../server/connect.js';
import { createTerminal, type Terminal } from '../terminal.js';
import { STATUS_COLOURS } from './task-statuses.js';

type Tree = inferRouterOutputs<AppRouter>['task']['tree'];
type Branches = Tree['before'];
type TreeTask = Tree['task'];

/** Draws what a task comes after, the task, and what comes after it. */
export async function showTree(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const tree = await client.task.tree.query({ taskId });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(tree);
    return EXIT.done;
  }
  const { task, before, after } = tree;
  terminal.print(describe(task, terminal));
  printBranches('comes after', before, terminal);
  printBranches('before', after, terminal);
  if (before.lines.length + after.lines.length === 0) terminal.note('It comes after nothing, and nothing after it.');
  return EXIT.done;
}

function printBranches(title: string, { lines, leftOut, isCounted }: Branches, terminal: Terminal): void {
  if (lines.length === 0) return;
  const { colours, width } = terminal;
  const drawn = renderTree(
    lines.map((line) => {
      const anyway = line.onFailure === 'run' ? '  (runs anyway)' : '';
      return { depth: line.depth, text: line.isAbove ? `${line.id}  (above)` : `${describe(line, terminal)}${anyway}` };
    }),
  );
  const cut = drawn.split('\n').map((text) => (width === undefined ? text : truncate(text, width)));
  const left = leftOut === 0 ? [] : [`… and ${isCounted ? '' : 'at least '}${String(leftOut)} more`];
  terminal.print([`\n${colours.dim(title)}`, ...cut, ...left].join('\n'));
}

function describe({ id, status, prompt }: TreeTask, { colours }: Terminal): string {
  if (status === null) return `${id}  ${colours.dim('removed')}`;
  return `${id}  ${colours[STATUS_COLOURS[status]](status)}  ${toOneLine(prompt ?? '')}`;
}
