import { parseDuration } from './duration.js';
import { parseTime } from './time.js';

const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)/;

/** Reads the end of a task: a duration from `now`, or a time as `--at` has it. Milliseconds since 1970. */
export function parseDeadline(text: string, now: number): number {
  return DURATION.test(text) ? now + parseDuration(text, '--deadline') : parseTime(text, now, '--deadline');
}
