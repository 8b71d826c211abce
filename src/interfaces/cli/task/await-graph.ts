import type { inferRouterOutputs } from '@trpc/server';
import type { FinishedTask } from '../../../domain/task/task.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { toOneLine } from '../output/escape-controls.js';
import { createLiveLine } from '../output/live-line.js';
import type { Client } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { untilTaskFinishes } from './watch-task.js';

export type Graph = inferRouterOutputs<AppRouter>['task']['enqueueGraph'];

/** How many of the tasks that did not complete are told with their reasons. */
const MAX_TOLD = 10;

/** Waits until all tasks of a graph have finished, one after the other, and ends with whether all completed. */
export async function awaitGraph(
  context: Context,
  client: Client,
  { tasks }: Graph,
  { json }: JsonOption,
): Promise<ExitCode> {
  context.interruptNote = 'The tasks go on. See them with: cw task list';
  context.endsEarlyWith(EXIT.interrupted);
  const terminal = createTerminal(context);
  const line = createLiveLine(context);
  const all = Object.entries(tasks);
  const ends = new Map<string, FinishedTask>();
  for (const [name, { id }] of all) {
    const end = await untilTaskFinishes(
      client,
      id,
      ({ status }) => line.show(() => `${String(ends.size)} of ${String(all.length)} finished · ${name} is ${status}`),
      () => undefined,
    );
    ends.set(name, end);
  }
  line.clear();
  if (json === true) terminal.printJson({ tasks: Object.fromEntries(ends) });
  const lost = [...ends].filter(([, { status }]) => status !== 'completed');
  if (lost.length > 0) {
    const details = lost.slice(0, MAX_TOLD).map(([name, end]) => `  ${name} (${end.id}): ${whyOf(end)}`);
    if (lost.length > MAX_TOLD) details.push(`  … and ${String(lost.length - MAX_TOLD)} more`);
    throw new CliError(
      EXIT.failed,
      `${String(lost.length)} of ${String(all.length)} tasks did not complete.`,
      details.join('\n'),
    );
  }
  if (json !== true) terminal.note(`All ${String(all.length)} tasks completed.`);
  return EXIT.done;
}

function whyOf({ error, status }: FinishedTask): string {
  return toOneLine(error?.message ?? status);
}
