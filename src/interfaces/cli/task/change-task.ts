import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseDeadline } from '../input/deadline.js';
import { parseDuration } from '../input/duration.js';
import { parseId } from '../input/id.js';
import { parseTime } from '../input/time.js';
import { parseWholeNumber } from '../input/whole-number.js';
import { formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** What is to be different; times and numbers are still text. `deadline` is false for `--no-deadline`. */
export interface ChangeOptions extends JsonOption {
  readonly priority?: string;
  readonly delay?: string;
  readonly at?: string;
  readonly now?: true;
  readonly deadline?: string | false;
}

/** Changes the priority, the time or the deadline of a task that has not finished. */
export async function changeTask(context: Context, id: string, options: ChangeOptions): Promise<ExitCode> {
  const taskId = parseId('task', id);
  const { priority, delay, at, deadline } = options;
  const wanted = {
    priority: priority === undefined ? undefined : parseWholeNumber(priority, '--priority'),
    delayMs: options.now === true ? 0 : delay === undefined ? undefined : parseDuration(delay, '--delay'),
    runAt: at === undefined ? undefined : parseTime(at, Date.now()),
    deadline: deadline === false ? null : deadline === undefined ? undefined : parseDeadline(deadline, Date.now()),
  };
  if (Object.values(wanted).every((part) => part === undefined)) {
    throw usageError('Say what to change: --priority, --delay, --at, --now, --deadline or --no-deadline.');
  }
  await using client = await connect(context);
  const task = await client.task.change.mutate({ taskId, ...wanted });
  const terminal = createTerminal(context);
  if (options.json === true) {
    terminal.printJson(task);
    return EXIT.done;
  }
  const now = Date.now();
  const until = task.deadline === null ? '' : `, until ${formatFullMoment(task.deadline, now)}`;
  const from = task.status === 'scheduled' ? `, from ${formatFullMoment(task.runAt, now)}` : '';
  terminal.print(`${taskId} is ${task.status} with priority ${String(task.priority)}${from}${until}.`);
  return EXIT.done;
}
