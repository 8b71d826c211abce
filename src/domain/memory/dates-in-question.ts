/** A stretch of time that a question names, from inclusive to exclusive, in milliseconds. */
export interface NamedTime {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const ISO = /\b(\d{4})-(\d{2})(?:-(\d{2}))?\b/g;
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}\\b\\.?,?(?: (\\d{4}))?`, 'gi');
const MONTH_DAY = new RegExp(`\\b${MONTH}\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`, 'gi');
const MONTH_YEAR = new RegExp(`\\b(?:in |during |of )?${MONTH},? (\\d{4})\\b`, 'gi');
const RELATIVE: readonly (readonly [RegExp, number, number])[] = [
  [/\btoday\b/i, 0, 1],
  [/\byesterday\b/i, 1, 1],
  [/\b(?:last|past|previous) week\b/i, 7, 7],
  [/\b(?:last|past|previous) month\b/i, 31, 31],
];
/** Most stretches that one question names. */
const MAX_NAMED = 4;

/** The days and months that a question names, in UTC; those without a year are the latest that are not after `now`. */
export function datesIn(question: string, now: number): NamedTime[] {
  const found: NamedTime[] = [];
  for (const [, year, month, day] of question.matchAll(ISO)) add(found, year, Number(month) - 1, day, now);
  for (const [, day, month, year] of question.matchAll(DAY_MONTH)) add(found, year, monthOf(month), day, now);
  for (const [, month, day, year] of question.matchAll(MONTH_DAY)) add(found, year, monthOf(month), day, now);
  for (const [, month, year] of question.matchAll(MONTH_YEAR)) add(found, year, monthOf(month), undefined, now);
  const today = Math.floor(now / DAY) * DAY;
  for (const [expression, back, days] of RELATIVE) {
    if (expression.test(question)) found.push({ from: today - back * DAY, to: today + (days - back) * DAY });
  }
  // "3 May 2025" also reads as "May 2025": the day is what is meant.
  const isMeant = (wide: NamedTime) =>
    !found.some(({ from, to }) => from >= wide.from && to <= wide.to && to - from < wide.to - wide.from);
  return found.filter(isMeant).slice(0, MAX_NAMED);
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase());
}

function add(found: NamedTime[], year: string | undefined, month: number, day: string | undefined, now: number): void {
  const date = day === undefined ? undefined : Number(day);
  if (month < 0 || month > 11 || (date !== undefined && (date < 1 || date > 31))) return;
  let from = Date.UTC(year === undefined ? new Date(now).getUTCFullYear() : Number(year), month, date ?? 1);
  if (year === undefined && from > now) from = Date.UTC(new Date(now).getUTCFullYear() - 1, month, date ?? 1);
  if (Number.isNaN(from)) return;
  const start = new Date(from);
  const to = date === undefined ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1) : from + DAY;
  found.push({ from, to });
}
