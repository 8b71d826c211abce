import { usageError } from '../cli-error.js';

const FORM = /^\d{4}-\d{2}(?:-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?)?$/;
const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a moment that may be over: an ISO date or time, local unless it names a zone. Milliseconds since 1970. */
export function parsePastTime(text: string, flag: string): number {
  // Of a date alone Date.parse takes the first moment in UTC; a user means that of their own day.
  const time = FORM.test(text) ? Date.parse(DATE_ALONE.test(text) ? `${text}T00:00` : text) : Number.NaN;
  if (Number.isNaN(time))
    throw usageError(`${flag} is "${text}"; write a date such as 2027-01-31, or 2027-01-31T09:00.`);
  return time;
}
