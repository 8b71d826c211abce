import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { isId } from '../input/id.js';
import type { ListOptions } from '../list/list-options.js';
import { printList } from '../list/print-list.js';
import { readPages } from '../list/read-pages.js';
import { escapeControls, toOneLine } from '../output/escape-controls.js';
import { formatMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { stateOf, whenInWords } from './schedule-words.js';

const STATE_COLOURS = { active: 'green', paused: 'yellow', failing: 'red' } as const;

/** Prints the schedules, newest first, and why those that fail do. */
export async function listSchedules(context: Context, options: ListOptions): Promise<ExitCode> {
  await using client = await connect(context);
  const page = await readPages(
    options,
    (text) => isId('schedule', text),
    (part) => client.schedule.list.query(part),
  );
  const terminal = createTerminal(context);
  const now = Date.now();
  const moment = (at: number | null) => (at === null ? '-' : formatMoment(at, now));
  printList(
    terminal,
    options,
    page,
    [
      { title: 'NAME', text: ({ name }) => name },
      { title: 'WHEN', text: whenInWords },
      { title: 'ZONE', text: ({ spec }) => ('cron' in spec ? escapeControls(spec.timeZone) : '-') },
      { title: 'NEXT', text: ({ nextAt }) => moment(nextAt) },
      { title: 'LAST', text: ({ lastAt }) => moment(lastAt) },
      {
        title: 'STATE',
        text: stateOf,
        colour: (text, schedule) => terminal.colours[STATE_COLOURS[stateOf(schedule)]](text),
      },
      { title: 'PROMPT', text: ({ task }) => toOneLine(task.prompt), shrinks: true },
    ],
    'No schedules. Add one with: cw schedule add …',
  );
  if (options.json === true) return EXIT.done;
  for (const schedule of page.items) {
    if (schedule.lastError === null || stateOf(schedule) !== 'failing') continue;
    const { at, message } = schedule.lastError;
    terminal.note(`${schedule.name} could not enqueue its task ${formatMoment(at, now)}: ${escapeControls(message)}`);
  }
  return EXIT.done;
}
