import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseDuration } from '../input/duration.js';
import { formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { readTaskOptions, type TaskOptions, withPrompt } from '../task/read-task.js';
import { createTerminal } from '../terminal.js';

/** What the user may say about a new schedule and its task. */
export interface AddScheduleOptions extends TaskOptions, JsonOption {
  readonly cron?: string;
  readonly every?: string;
  readonly timeZone?: string;
  readonly name?: string;
  readonly missed: 'skip' | 'once' | 'all';
}

/** Adds a schedule, and says when it runs first. */
export async function addSchedule(
  context: Context,
  words: readonly string[],
  options: AddScheduleOptions,
): Promise<ExitCode> {
  const { cron, every, timeZone, name, missed } = options;
  if (cron === undefined && every === undefined) {
    throw usageError('Say when it runs: --cron "0 3 * * *", or --every 30m.');
  }
  const everyMs = every === undefined ? undefined : parseDuration(every, '--every');
  const task = await withPrompt(readTaskOptions(options), words);
  await using client = await connect(context);
  const schedule = await client.schedule.add.mutate({ name, cron, timeZone, everyMs, missed, task });
  const terminal = createTerminal(context);
  if (options.json === true) {
    terminal.printJson(schedule);
    return EXIT.done;
  }
  terminal.print(schedule.name);
  terminal.note(`It runs first ${formatFullMoment(schedule.nextAt, Date.now()) ?? 'never'}. See: cw schedule list`);
  return EXIT.done;
}
