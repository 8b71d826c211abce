import type { inferRouterOutputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { escapeLines, toOneLine } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal, type Terminal } from '../terminal.js';
import { STATUS_COLOURS } from './task-statuses.js';

type Result = inferRouterOutputs<AppRouter>['task']['results'][number];

/** Prints what the tasks gave that a task comes after. */
export async function showResults(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const taskId = parseId('task', id);
  await using client = await connect(context);
  const results = await client.task.results.query({ taskId });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(results);
  else if (results.length === 0) terminal.note(`${taskId} comes after no other task.`);
  else terminal.print(results.map((result) => describe(result, terminal)).join('\n\n'));
  return EXIT.done;
}

function describe({ id, status, result, error, output }: Result, { colours }: Terminal): string {
  const state = status === null ? colours.dim('removed') : colours[STATUS_COLOURS[status]](status);
  const why = error === null ? '' : `  ${toOneLine(error.message)}`;
  const text = result === null ? [] : [escapeLines(result.text.trimEnd())];
  const whole = output === null || result?.truncated === false ? [] : [colours.dim(`whole output: ${output}`)];
  return [`${id}  ${state}${why}`, ...text, ...whole].filter((line) => line !== '').join('\n');
}
