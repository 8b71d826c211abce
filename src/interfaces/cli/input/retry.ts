import type { Backoff } from '../../../domain/task/backoff.js';
import type { RetryRules } from '../../../domain/task/retry-rules.js';
import { usageError } from '../cli-error.js';
import { parseDuration } from './duration.js';

/** Written out here: the domain's list comes with zod, which costs a short command more than all it does. */
const CODES = ['failed', 'timeout', 'crashed'] as const satisfies (keyof NonNullable<RetryRules['on']>)[];
type Code = (typeof CODES)[number];

/** What `--backoff` and `--never-retry` say together; undefined when they say nothing. */
export function parseRetry(backoff: string | undefined, neverRetry: string | undefined): RetryRules | undefined {
  if (backoff === undefined && neverRetry === undefined) return undefined;
  return {
    ...(backoff === undefined ? {} : { backoff: parseBackoff(backoff) }),
    ...(neverRetry === undefined ? {} : { on: parseNever(neverRetry) }),
  };
}

/** `30s`: always so long; `1s,10s,1m`: one after the other; `1s..5m`: doubling, of which a random share. */
function parseBackoff(text: string): Backoff {
  const range = text.split('..');
  const [first = '', last] = range;
  if (range.length > 2 || text.startsWith(',') || text.endsWith(',') || text === '') {
    throw usageError(`--backoff is "${text}"; write 30s, or a list such as 1s,10s,1m, or a range such as 1s..5m.`);
  }
  if (last !== undefined) {
    const [baseMs, maxMs] = [parseDuration(first, '--backoff'), parseDuration(last, '--backoff')];
    if (baseMs > maxMs) throw usageError(`--backoff is "${text}"; write the shorter time first.`);
    return { kind: 'exponential', baseMs, maxMs };
  }
  const delaysMs = text.split(',').map((delay) => parseDuration(delay.trim(), '--backoff'));
  const [delayMs = 0] = delaysMs;
  return delaysMs.length === 1 ? { kind: 'fixed', delayMs } : { kind: 'list', delaysMs };
}

function parseNever(text: string): Partial<Record<Code, 'never'>> {
  const codes = text.split(',').map((code) => code.trim());
  const on: Partial<Record<Code, 'never'>> = {};
  for (const code of codes) {
    if (!isCode(code)) throw usageError(`--never-retry is "${text}"; write any of ${CODES.join(', ')}, with commas.`);
    on[code] = 'never';
  }
  return on;
}

function isCode(text: string): text is Code {
  return (CODES as readonly string[]).includes(text);
}
