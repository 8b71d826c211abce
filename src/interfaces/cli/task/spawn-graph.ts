import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { inferRouterInputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import { isId } from '../input/id.js';
import { readGraph, type WrittenTask } from '../input/read-graph.js';
import { renderTree, type TreeLine } from '../output/tree.js';
import { connect } from '../server/connect.js';
import { createTerminal, type Terminal } from '../terminal.js';
import type { Graph } from './await-graph.js';
import { readTaskOptions } from './read-task.js';
import { readTiming, type SpawnOptions } from './spawn-task.js';
import { STATUS_COLOURS } from './task-statuses.js';

type Asked = inferRouterInputs<AppRouter>['task']['enqueueGraph'];

/** Most lines of a graph that are drawn: about what one still looks through. `--json` has all. */
const MAX_LINES = 200;

/** Enqueues all tasks of a file; draws them, or waits for what becomes of them. */
export async function spawnGraph(
  context: Context,
  path: string,
  words: readonly string[],
  options: SpawnOptions,
): Promise<ExitCode> {
  refuseOptions(words, options);
  const defaults = withoutGaps({ ...readTaskOptions(options), ...readTiming(options) });
  const tasks = (await readGraph(path)).map(placed);
  await using client = await connect(context);
  // With an id, so that a call whose answer is lost with its server can be made again at the next one.
  const request = { requestId: randomUUID(), defaults: placed(defaults), tasks };
  // The server checks it, and says what is wrong in words that name the field.
  const graph = await client.task.enqueueGraph.mutate(request as Asked);
  const terminal = createTerminal(context);
  if (options.json !== true) terminal.print(drawGraph(graph, terminal));
  if (options.wait === true) {
    const { awaitGraph } = await import('./await-graph.js');
    return await awaitGraph(context, client, graph, options);
  }
  if (options.json === true) terminal.printJson(graph);
  else terminal.note('Follow one with: cw task logs -f ID · see how all stand: cw task tree ID');
  return EXIT.done;
}

function refuseOptions(words: readonly string[], { unique, uniqueFor, uniqueWhile, follow }: SpawnOptions): void {
  if (words.length > 0) throw usageError('Give a prompt or --graph, not both: a graph has the prompts of its tasks.');
  if ((unique ?? uniqueFor ?? uniqueWhile) !== undefined) {
    throw usageError('A unique key is for one task; write "unique" into the tasks of the graph.');
  }
  if (follow === true) throw usageError('Only one task can be followed; use --wait, then cw task logs ID.');
}

/** With the directory as it is told from here, where one is told. */
function placed(fields: WrittenTask): WrittenTask {
  const { workspace } = fields;
  if (typeof workspace !== 'string' || isId('workspace', workspace)) return fields;
  return { ...fields, workspace: resolve(workspace) };
}

function withoutGaps(fields: WrittenTask): WrittenTask {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Each task under those that it comes after; where it comes up again, it says so. */
function drawGraph({ tasks }: Graph, terminal: Terminal): string {
  const names = new Map(Object.entries(tasks).map(([name, { id }]) => [id, name]));
  const later = new Map<string, string[]>();
  const roots: string[] = [];
  for (const [name, { after }] of Object.entries(tasks)) {
    const earlier = after.map((id) => names.get(id)).filter((one) => one !== undefined);
    if (earlier.length === 0) roots.push(name);
    for (const one of earlier) {
      const comesAfter = later.get(one) ?? [];
      comesAfter.push(name);
      later.set(one, comesAfter);
    }
  }
  const lines: TreeLine[] = [];
  const seen = new Set<string>();
  const open = roots.reverse().map((name) => ({ name, depth: 0 }));
  for (let next = open.pop(); next !== undefined && lines.length < MAX_LINES; next = open.pop()) {
    const { name, depth } = next;
    lines.push({ depth, text: `${name}  ${describe(tasks[name], seen.has(name), terminal)}` });
    if (seen.has(name)) continue;
    seen.add(name);
    for (const one of [...(later.get(name) ?? [])].reverse()) open.push({ name: one, depth: depth + 1 });
  }
  const left = Object.keys(tasks).length - seen.size;
  return `${renderTree(lines)}${left === 0 ? '' : `\n… and ${String(left)} more`}`;
}

function describe(task: Graph['tasks'][string] | undefined, isAbove: boolean, { colours }: Terminal): string {
  if (task === undefined || isAbove) return '(above)';
  const { id, status, existing } = task;
  return `${id}  ${colours[STATUS_COLOURS[status]](status)}${existing ? '  (was there before)' : ''}`;
}
