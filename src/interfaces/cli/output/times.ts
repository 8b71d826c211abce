const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: `850 ms`, `1.2 s`, `3 m 20 s`, `2 h 5 m`, `4 d 1 h`. */
export function formatDuration(ms: number): string {
  const rounded = Math.max(0, Math.round(ms));
  if (rounded < SECOND) return `${String(rounded)} ms`;
  if (rounded < 9_950) return `${(rounded / SECOND).toFixed(1)} s`;
  if (rounded < MINUTE - SECOND / 2) return `${String(Math.round(rounded / SECOND))} s`;
  const [size, unit, smallerSize, smallerUnit] =
    rounded < HOUR - SECOND / 2
      ? ([MINUTE, 'm', SECOND, 's'] as const)
      : rounded < DAY - MINUTE / 2
        ? ([HOUR, 'h', MINUTE, 'm'] as const)
        : ([DAY, 'd', HOUR, 'h'] as const);
  const smaller = Math.round(rounded / smallerSize);
  const perUnit = size / smallerSize;
  const rest = smaller % perUnit;
  const whole = `${String(Math.floor(smaller / perUnit))} ${unit}`;
  return rest === 0 ? whole : `${whole} ${String(rest)} ${smallerUnit}`;
}

/** A moment as seen from now: `just now`, `3 minutes ago`, `in 10 m`. */
export function formatMoment(at: number, now: number): string {
  const away = at - now;
  if (away > SECOND) return `in ${formatDuration(away)}`;
  if (away > -SECOND) return 'just now';
  return `${inWords(-away)} ago`;
}

function inWords(ms: number): string {
  if (ms < MINUTE) return count(ms / SECOND, 'second');
  if (ms < HOUR) return count(ms / MINUTE, 'minute');
  if (ms < DAY) return count(ms / HOUR, 'hour');
  return count(ms / DAY, 'day');
}

/** `1 minute`, `3 minutes`: whole ones that have passed. */
function count(amount: number, unit: string): string {
  const whole = Math.floor(amount);
  return `${String(whole)} ${unit}${whole === 1 ? '' : 's'}`;
}

/** A moment in full, for details: `2027-01-31 09:00:05 (3 minutes ago)`; null for none. */
export function formatFullMoment(at: number | null, now: number): string | null {
  return at === null ? null : `${formatClock(at)} (${formatMoment(at, now)})`;
}

/** A moment on the local clock, for details: `2027-01-31 09:00:05`. */
export function formatClock(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
