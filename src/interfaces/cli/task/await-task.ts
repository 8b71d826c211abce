import type { Event } from '../../../domain/event/event.js';
import type { FinishedTask, Task } from '../../../domain/task/task.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { toOneLine } from '../output/escape-controls.js';
import { createLiveLine } from '../output/live-line.js';
import { formatDuration } from '../output/times.js';
import type { Client } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { createOutputPrinter } from './output-printer.js';
import { printResult } from './print-result.js';
import { untilOutputEnds, untilTaskFinishes } from './watch-task.js';

const LOST = 'the server does not answer; waits until it is back';

/**
 * Waits until a task has finished, over any restart of the server, and ends with its outcome. With `follow` its output
 * is printed as it comes, of all attempts from the present one on.
 */
export async function awaitTask(
  context: Context,
  client: Client,
  task: Task,
  { follow, json }: { readonly follow: boolean; readonly json: boolean },
): Promise<ExitCode> {
  const terminal = createTerminal(context);
  context.interruptNote = `${task.id} goes on. See it with: cw task show ${task.id} · end it with: cw task cancel ${task.id}`;
  context.endsEarlyWith(EXIT.interrupted);

  const line = createLiveLine(context, !(follow && terminal.isTerminal));
  const begin = Date.now();
  let isLost = false;
  const finished = untilTaskFinishes(
    client,
    task.id,
    (now, event) => line.show(() => (isLost ? LOST : describe(now, event, begin))),
    (lost) => {
      isLost = lost;
    },
  );
  if (follow) {
    const printer = createOutputPrinter(terminal, json);
    const from = { epoch: Math.max(1, task.epoch), offset: 0 };
    // Both at once: a task that cannot be watched any more must not leave its output waited for.
    await Promise.all([finished, untilOutputEnds(client, { taskId: task.id, from }, (piece) => printer.print(piece))]);
    printer.end();
  }
  const end = await finished;
  line.clear();

  if (json) terminal.printJson(end);
  else if (end.status === 'completed' && !follow) printResult(terminal, end.result);
  return outcome(end, terminal.note, json);
}

/** What the task ended with, in words and as an exit code. */
function outcome(task: FinishedTask, note: (text: string) => void, json: boolean): ExitCode {
  if (task.status === 'completed') {
    const took = task.startedAt === null ? '' : ` in ${formatDuration(task.finishedAt - task.startedAt)}`;
    if (!json) note(`${task.id} completed${took}.`);
    return EXIT.done;
  }
  const why = toOneLine(task.error.message).replace(/[.]$/, '');
  throw new CliError(EXIT.failed, `${task.id} ${task.status === 'failed' ? 'failed' : 'was cancelled'}: ${why}.`);
}

/** How the task stands, for the line of progress. */
function describe(task: Task, event: Event | null, begin: number): string {
  const now = Date.now();
  const { message } = event?.type === 'task.progressed' ? event.data : {};
  const said = typeof message === 'string' ? ` · ${toOneLine(message)}` : '';
  const waited = formatDuration(Math.floor((now - begin) / 1_000) * 1_000);
  switch (task.status) {
    case 'blocked':
      return `blocked by ${String(task.waitingFor)} of ${String(task.after.length)} tasks · ${waited}`;
    case 'scheduled': {
      const again = task.error === null ? 'starts' : `${toOneLine(task.error.message)} · tries again`;
      return `scheduled · ${again} in ${formatDuration(task.runAt - now)}`;
    }
    case 'pending':
      return `waits for an agent · ${waited}`;
    case 'processing':
      return `attempt ${String(task.attempts)} of ${String(task.maxAttempts)} runs · ${formatDuration(now - task.startedAt)}${said}`;
    case 'completed':
    case 'failed':
    case 'cancelled':
      return task.status;
  }
}
