import { usageError } from '../cli-error.js';

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const ISO =
  /^(?<date>\d{4}-(?:0[1-9]|1[0-2])-(?<day>0[1-9]|[12]\d|3[01]))(?:[T ](?<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(?<zone>Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;

/** A time further back than this is a slip of the user's, not the time it took to type the command: 1 minute. */
const PAST_TOLERANCE_MS = 60_000;

/**
 * Reads a time: ISO 8601 (local time unless it names a zone; a date alone is its first moment), or `HH:MM`, the next
 * time that the local clock shows it. `now` and the answer are milliseconds since 1970; `flag` is named in the error.
 */
export function parseTime(text: string, now: number, flag = '--at'): number {
  const time = parseClock(text, now) ?? parseIso(text);
  if (time === undefined) {
    throw usageError(
      `${flag} is "${text}"; write an ISO time such as 2027-01-31T09:00, or a time of day such as 09:00.`,
    );
  }
  if (time < now - PAST_TOLERANCE_MS) throw usageError(`${flag} is "${text}", which is in the past.`);
  return time;
}

function parseClock(text: string, now: number): number | undefined {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const time = new Date(now);
  time.setHours(Number(hours), Number(minutes), 0, 0);
  // By the calendar and not by 24 hours, so that the clock shows it on the day of a change to summer time too.
  if (time.getTime() <= now) time.setDate(time.getDate() + 1);
  return time.getTime();
}

function parseIso(text: string): number | undefined {
  const { date, day, clock = '00:00', zone = '' } = ISO.exec(text)?.groups ?? {};
  if (date === undefined) return undefined;
  // Date takes the 31st of every month and rolls it over.
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return undefined;
  const time = Date.parse(`${date}T${clock}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(time) ? undefined : time;
}
