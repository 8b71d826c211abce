import { usageError } from '../cli-error.js';

/** Milliseconds in each unit that a duration may be written in. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

const PART = /(\d{1,15}(?:\.\d{1,9})?)(ms|s|m|h|d)/gy;

/** Reads "10m", "1h30m" or "1.5s" as whole milliseconds. `option` is named in the error. */
export function parseDuration(text: string, option: string): number {
  const seen = new Set<string>();
  let total = 0;
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const [part, amount, unit] = match;
    if (amount === undefined || !isUnit(unit) || seen.has(unit)) break;
    seen.add(unit);
    total += Number(amount) * UNITS[unit];
    end += part.length;
  }
  if (text === '' || end !== text.length || !Number.isSafeInteger(Math.round(total))) {
    throw usageError(`${option} is "${text}"; write a duration such as 500ms, 30s, 10m, 1h30m or 2d.`);
  }
  return Math.round(total);
}

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && Object.hasOwn(UNITS, text);
}
