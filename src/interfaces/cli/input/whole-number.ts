import { usageError } from '../cli-error.js';

/** Reads a whole number; what range it must be in is for the server to say. `option` is named in the error. */
export function parseWholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw usageError(`${option} is "${text}"; it must be a whole number.`);
}

/** Reads a whole number from `min` to `max`. `option` is named in the error. */
export function parseNumberIn(min: number, max: number, text: string, option: string): number {
  const number = parseWholeNumber(text, option);
  if (number >= min && number <= max) return number;
  throw usageError(`${option} is ${text}; it must be from ${String(min)} to ${String(max)}.`);
}
