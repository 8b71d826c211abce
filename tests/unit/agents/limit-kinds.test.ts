import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/infrastructure/agents/acp/refusal.js';
import { Result } from '../../../src/infrastructure/agents/claude/messages.js';
import { resultTurn } from '../../../src/infrastructure/agents/claude/turn-ends.js';
import { createTurnReader } from '../../../src/infrastructure/agents/claude/turn-reader.js';
import { turnError } from '../../../src/infrastructure/agents/codex/turn-error.js';

const NOW = 1_800_000_000_000;

describe('Claude Code', () => {
  const endOf = (result: object, reset?: number | null) =>
    resultTurn('claude', Result.parse({ subtype: 'success', is_error: true, ...result }), reset).at(-1);

  it.each([
    [{ api_error_status: 429, result: 'Too many requests' }, undefined, { limit: 'rate', resetsAt: null }],
    [{ api_error_status: 429, result: 'x' }, NOW, { limit: 'usage', resetsAt: NOW }],
    [{ result: 'You have hit your limit' }, null, { limit: 'usage', resetsAt: null }],
    [{ result: 'Claude AI usage limit reached|1800000000' }, undefined, { limit: 'usage', resetsAt: NOW }],
  ] as const)('tells of a limit by %j', (result, reset, limit) => {
    expect(endOf(result, reset)).toMatchObject({ end: { error: { code: 'rate_limited' }, ...limit } });
  });

  it('tells of what no waiting mends as such, also when a limit was met before', () => {
    expect(endOf({ api_error_status: 401, result: 'no' }, NOW)).toMatchObject({ end: { error: { code: 'usage' } } });
    expect(endOf({ api_error_status: 529, result: 'overloaded' })).toMatchObject({
      end: { error: { code: 'failed' } },
    });
  });

  it('warns of a limit without meeting it, and has not met one that it may pass again', () => {
    const reader = createTurnReader();
    const tell = (status: string) =>
      reader.read({ type: 'rate_limit_event', rate_limit_info: { status, resetsAt: 1_800_000_000 } }).updates;
    expect(tell('allowed_warning')).toEqual([]);
    expect(reader.resetsAt()).toBeUndefined();
    expect(tell('rejected')).toMatchObject([{ type: 'rate_limit', resetsAt: NOW }]);
    expect(reader.resetsAt()).toBe(NOW);
    tell('allowed');
    expect(reader.resetsAt()).toBeUndefined();
  });
});

it.each([
  ['429 Too Many Requests, retry in 34s', 'rate_limited', { limit: 'rate', resetsAt: NOW + 34_000 }],
  ['You exceeded your current quota', 'rate_limited', { limit: 'usage', resetsAt: null }],
  ['usage limit reached, try again in 1 h', 'rate_limited', { limit: 'usage', resetsAt: NOW + 3_600_000 }],
  ['401 invalid api key', 'usage', { resetsAt: null }],
  ['overloaded', 'failed', { resetsAt: null }],
] as const)('an ACP agent that says "%s" is told of as %s', (message, code, more) => {
  expect(refusal('gemini', { code: -32_603, message }, NOW)).toMatchObject({ code, ...more });
});

it.each([
  ['usageLimitExceeded', 'rate_limited', 'usage'],
  ['rateLimitExceeded', 'rate_limited', 'rate'],
  [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, 'rate_limited', 'rate'],
  ['unauthorized', 'usage', undefined],
  ['serverOverloaded', 'failed', undefined],
] as const)('Codex with %j is told of as %s', (codexErrorInfo, code, limit) => {
  expect(turnError({ message: 'It is over.', codexErrorInfo })).toEqual({
    code,
    message: 'It is over.',
    ...(limit === undefined ? {} : { limit }),
  });
});
