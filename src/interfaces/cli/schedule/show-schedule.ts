import type { Schedule } from '../../../domain/schedule/schedule.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { type Field, renderFields } from '../output/fields.js';
import { formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { stateOf, whenInWords } from './schedule-words.js';

/** Shows all about a schedule. */
export async function showSchedule(context: Context, name: string, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const schedule = await client.schedule.get.query({ schedule: name });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(schedule);
    return EXIT.done;
  }
  terminal.print(renderFields(fieldsOf(schedule, Date.now()), terminal.colours));
  const { lastTaskId } = schedule;
  if (lastTaskId !== null) terminal.print(`\nIts last task: cw task show ${lastTaskId}`);
  return EXIT.done;
}

function fieldsOf(schedule: Schedule, now: number): Field[] {
  const moment = (at: number | null) => formatFullMoment(at, now);
  const { id, name, spec, task, missed, createdAt, nextAt, lastAt, lastTaskId, lastError } = schedule;
  const { prompt, agent, workspace, ...others } = task;
  return [
    ['schedule', id],
    ['name', name],
    ['state', stateOf(schedule)],
    ['when', whenInWords(schedule)],
    ['time zone', 'cron' in spec ? spec.timeZone : null],
    ['missed times', MISSED[missed]],
    ['created', moment(createdAt)],
    ['next', moment(nextAt)],
    ['last', moment(lastAt)],
    ['last task', lastTaskId],
    ['error', lastError === null ? null : `${lastError.message} (${lastError.code}, ${moment(lastError.at) ?? ''})`],
    ['agent', agent],
    ['workspace', workspace],
    ['options', Object.keys(others).length === 0 ? null : JSON.stringify(others)],
    ['prompt', prompt],
  ];
}

const MISSED: Readonly<Record<Schedule['missed'], string>> = {
  skip: 'left out (skip)',
  once: 'one task for all of them (once)',
  all: 'a task for each (all)',
};
