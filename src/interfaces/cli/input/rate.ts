import { usageError } from '../cli-error.js';
import { parseDuration } from './duration.js';
import { parseWholeNumber } from './whole-number.js';

/** Reads `10/1m` as so many within a period in milliseconds. `option` is named in the error. */
export function parseRate(text: string, option: string): { count: number; periodMs: number } {
  const [count, period, ...more] = text.split('/');
  if (count === undefined || period === undefined || more.length > 0) {
    throw usageError(`${option} is "${text}"; write a count and a period, such as 10/1m.`);
  }
  return { count: parseWholeNumber(count, option), periodMs: parseDuration(period, option) };
}
