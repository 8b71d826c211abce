import type { inferRouterOutputs } from '@trpc/server';
import type { TaskId } from '../../../domain/shared/id.js';
import type { Task } from '../../../domain/task/task.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { canAsk, confirms } from '../input/confirm.js';
import { parseId } from '../input/id.js';
import { createLiveLine } from '../output/live-line.js';
import { formatDuration } from '../output/times.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { isSelection, type SelectionOptions } from './selection.js';

type ChangedMany = inferRouterOutputs<AppRouter>['task']['retryMany'];

/** A million tasks take some minutes; in milliseconds. */
const TIMEOUT_MS = 3_600_000;

export interface ChangeTasksOptions extends JsonOption, SelectionOptions {
  readonly yes?: true;
}

/** What is done to tasks, and how it is said. */
export interface TaskWork {
  /** As an imperative and as done, at the head of a sentence: `Retry`, `Retried`. */
  readonly verb: string;
  readonly past: string;
  /** What they are, between a number and the end of the question; `one` of them, or more. */
  readonly what: (one: boolean) => string;
  readonly one: (client: Client, taskId: TaskId) => Promise<Task>;
  /** What is said of one that is done. */
  readonly said: (task: Task) => string;
  readonly count: (client: Client) => Promise<{ readonly count: number }>;
  readonly many: (client: Client) => Promise<ChangedMany>;
}

/** Does it to the tasks with these ids, or to all that fit, after saying how many those are. */
export async function changeTasks(
  context: Context,
  ids: readonly string[],
  options: ChangeTasksOptions,
  work: TaskWork,
): Promise<ExitCode> {
  if (ids.length > 0 === isSelection(options)) {
    throw usageError(
      'Say which tasks: ids, or else --status, with --agent, --workspace, --group, --code or --older-than if you like.',
    );
  }
  return ids.length > 0 ? changeEach(context, ids, options, work) : changeAll(context, options, work);
}

/** One after the other; those after one that refuses are done as well, and its refusal is told at the end. */
async function changeEach(
  context: Context,
  texts: readonly string[],
  { json }: JsonOption,
  { one, said }: TaskWork,
): Promise<ExitCode> {
  const ids = texts.map((text) => parseId('task', text));
  await using client = await connect(context);
  const terminal = createTerminal(context);
  const done: Task[] = [];
  const refusals: unknown[] = [];
  for (const id of ids) {
    try {
      const task = await one(client, id);
      done.push(task);
      if (json !== true) terminal.print(said(task));
    } catch (error) {
      refusals.push(error);
    }
  }
  if (json === true && done.length > 0) terminal.printJson(ids.length === 1 ? done[0] : done);
  if (refusals.length === 0) return EXIT.done;
  if (refusals.length > 1) terminal.note(`${String(refusals.length)} tasks refused; the first one says why.`);
  throw refusals[0];
}

async function changeAll(context: Context, { yes, json }: ChangeTasksOptions, work: TaskWork): Promise<ExitCode> {
  const { verb, past, what } = work;
  if (yes !== true && !canAsk(json)) {
    throw usageError(`Nobody can be asked here whether to ${verb.toLowerCase()} so much; say --yes.`);
  }
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  const terminal = createTerminal(context);
  const wanted = (count: number) => `${count.toLocaleString('en')} ${what(count === 1)}`;
  if (yes !== true) {
    const { count } = await work.count(client);
    if (count === 0) {
      terminal.note('No task fits.');
      return EXIT.done;
    }
    if (!(await confirms(`${verb} ${wanted(count)}?`))) {
      terminal.note('Nothing was changed.');
      return EXIT.failed;
    }
  }
  context.interruptNote = 'The server goes on with it.';
  const progress = createLiveLine(context, json !== true);
  const begin = Date.now();
  progress.show(() => `Working for ${formatDuration(Date.now() - begin)}…`);
  const changed = await work.many(client).finally(() => progress.clear());
  if (json === true) terminal.printJson(changed);
  else {
    terminal.print(`${past} ${wanted(changed.count)}.`);
    if (changed.reason !== null) {
      terminal.note(`${changed.refused.toLocaleString('en')} refused; the first one: ${changed.reason}`);
    }
  }
  return changed.refused === 0 ? EXIT.done : EXIT.failed;
}
