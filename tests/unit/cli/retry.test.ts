import { describe, expect, it } from 'vitest';
import { RetryRules } from '../../../src/domain/task/retry-rules.js';
import { EXIT } from '../../../src/exit-codes.js';
import { parseRetry } from '../../../src/interfaces/cli/input/retry.js';
import { describeRetry } from '../../../src/interfaces/cli/output/retry-rules.js';

describe('--backoff and --never-retry', () => {
  it.each([
    ['30s', undefined, { backoff: { kind: 'fixed', delayMs: 30_000 } }, 'after 30 s'],
    ['0s', undefined, { backoff: { kind: 'fixed', delayMs: 0 } }, 'after 0 ms'],
    [
      '1s, 10s,1m',
      undefined,
      { backoff: { kind: 'list', delaysMs: [1_000, 10_000, 60_000] } },
      'after 1.0 s, then 10 s, then 1 m',
    ],
    [
      '1s..5m',
      undefined,
      { backoff: { kind: 'exponential', baseMs: 1_000, maxMs: 300_000 } },
      'after up to 1.0 s, doubling to 5 m',
    ],
    [
      undefined,
      'timeout, crashed',
      { on: { timeout: 'never', crashed: 'never' } },
      'not after timeout; not after crashed',
    ],
    [
      '1m',
      'failed',
      { backoff: { kind: 'fixed', delayMs: 60_000 }, on: { failed: 'never' } },
      'after 1 m; not after failed',
    ],
  ])('%s and %s are rules, and can be read again', (backoff, neverRetry, rules, words) => {
    expect(parseRetry(backoff, neverRetry)).toEqual(rules);
    expect(RetryRules.parse(rules)).toEqual(rules);
    expect(describeRetry(RetryRules.parse(rules))).toBe(words);
  });

  it('say nothing when neither is given', () => {
    expect(parseRetry(undefined, undefined)).toBeUndefined();
    expect(describeRetry(null)).toBeNull();
  });

  it.each(['', ',', '1s,', 'soon', '1s..', '..5m', '1s..2s..3s', '5m..1s', '1s...5m', '10', '-1s'])(
    '--backoff "%s" is refused with one sentence',
    (text) => {
      expect(() => parseRetry(text, undefined)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }));
      expect(() => parseRetry(text, undefined)).toThrow(/^--backoff is "[^"]*"; write .*\.$/);
    },
  );

  it.each(['', 'usage', 'timeout,', 'failed crashed'])('--never-retry "%s" is refused with one sentence', (text) => {
    expect(() => parseRetry(undefined, text)).toThrow(
      `--never-retry is "${text}"; write any of failed, timeout, crashed, with commas.`,
    );
  });
});
