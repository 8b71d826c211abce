import { Cron as Pattern } from 'croner';
import type { Cron } from '../../application/ports/cron.js';
import type { Occurrences } from '../../domain/schedule/occurrences.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';

const FORM = /^(?:@[a-z]+|\S+(?: \S+){4})$/i;
/** A zone by its name. Offsets such as +01:00 are not known to every Node, and would follow no summer time. */
const ZONE = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** Cron expressions of five fields, or `@daily` and the like. */
export const cron: Cron = {
  read(text, timeZone = localZone()) {
    const expression = text.trim().replace(/\s+/g, ' ');
    if (!FORM.test(expression)) throw refuse(text, 'it does not have five fields');
    const zone = readZone(timeZone);
    parse(expression, zone);
    return { cron: expression, timeZone: zone };
  },
  occurrences: ({ cron: expression, timeZone }) => occurrencesOf(parse(expression, readZone(timeZone))),
};

function parse(expression: string, timezone: string): Pattern {
  try {
    return new Pattern(expression, { mode: '5-part', timezone, paused: true });
  } catch (error) {
    throw refuse(expression, reasonOf(messageOf(error)));
  }
}

function refuse(text: string, why: string): DomainError {
  return new DomainError(
    'invalid_input',
    `${JSON.stringify(text)} is no cron expression: ${why}. Write minute, hour, day, month and weekday, such as "30 3 * * 1-5", or @daily.`,
  );
}

/** `CronPattern: Invalid value for minute: 61` → `invalid value for minute: 61` */
function reasonOf(message: string): string {
  if (message.includes('@reboot')) return 'a schedule knows no reboot';
  const said = message.replace(/^\w+: (?:Syntax error, )?/, '').replace(/\.$/, '');
  return said.charAt(0).toLowerCase() + said.slice(1);
}

/** The zone as its list writes it. Throws `invalid_input` for one that is not in it. */
function readZone(text: string): string {
  try {
    if (ZONE.test(text)) return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new DomainError(
    'invalid_input',
    `There is no time zone ${JSON.stringify(text)}; write its name, such as Europe/Berlin or UTC.`,
  );
}

function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function occurrencesOf(pattern: Pattern): Occurrences {
  return {
    after: (moment) => pattern.nextRun(new Date(moment))?.getTime() ?? null,
    between(from, to, most) {
      // One by one, for they are slow to find: 0.3 ms each. The library looks before a moment, which is to be among them.
      const runs: Timestamp[] = [];
      for (let before = to + 1; runs.length < most; ) {
        const run = pattern.previousRuns(1, new Date(before))[0]?.getTime();
        if (run === undefined || run < from) break;
        runs.push(run);
        before = run;
      }
      return runs.reverse();
    },
  };
}
