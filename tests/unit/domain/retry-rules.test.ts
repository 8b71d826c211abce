import { describe, expect, it } from 'vitest';
import { delayOfRetry, type RetryDeciders, RetryRules } from '../../../src/domain/task/retry-rules.js';

const fixed = (delayMs: number) => ({ kind: 'fixed', delayMs }) as const;
const SERVER = { backoff: fixed(1), on: { timeout: fixed(2) } };

describe('another attempt', () => {
  it.each<[string, string, RetryDeciders, number | 'never']>([
    ['the server says', 'failed', { server: SERVER }, 1],
    ['the server says for its code', 'timeout', { server: SERVER }, 2],
    ['the task says', 'timeout', { server: SERVER, own: { backoff: fixed(3) } }, 3],
    [
      'the task says for its code',
      'crashed',
      { server: SERVER, own: { backoff: fixed(3), on: { crashed: 'never' } } },
      'never',
    ],
    ['the server says where the task does not', 'timeout', { server: SERVER, own: { on: { crashed: 'never' } } }, 2],
    ['its agent says', 'failed', { server: SERVER, own: { on: { failed: 'never' } }, ruling: { afterMs: 4 } }, 4],
    ['its agent says never', 'failed', { server: SERVER, own: { backoff: fixed(3) }, ruling: 'never' }, 'never'],
    ['it cannot help', 'usage', { server: SERVER, own: { backoff: fixed(3) }, ruling: { afterMs: 4 } }, 'never'],
  ])('follows when %s (%s)', (_, code, deciders, expected) => {
    expect(delayOfRetry(code, 1, deciders, 0.5)).toBe(expected);
  });

  it('follows by the number of the failure', () => {
    const own = { backoff: { kind: 'list', delaysMs: [10, 20] } } as const;
    expect(
      [1, 2, 3].map((n) => delayOfRetry('failed', n, { server: SERVER, own: RetryRules.parse(own) }, 0.9)),
    ).toEqual([10, 20, 20]);
  });
});

it.each([
  [{ on: { usage: 'never' } }, 'Unrecognized key: "usage"'],
  [{ on: { failed: 'always' } }, /^It must be "never", or how long to wait/],
  [{ backoff: { kind: 'linear' } }, /./],
])('refuses the rules %j', (rules, message) => {
  const { success, error } = RetryRules.safeParse(rules);
  expect(success).toBe(false);
  expect(error?.issues[0]?.message).toMatch(message);
});
