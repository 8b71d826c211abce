import { TRPCError } from '@trpc/server';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EnqueueTask } from '../../../src/application/task/enqueue-task.js';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { ANSWERS, explainError, isBug } from '../../../src/interfaces/trpc/error-map.js';

/** As tRPC wraps what a procedure throws. */
function thrown(cause: unknown): TRPCError {
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
}

function refusedInput(input: unknown, schema: z.ZodType = EnqueueTask): string {
  const cause = schema.safeParse(input).error;
  const { code, reason, message } = explainError(new TRPCError({ code: 'BAD_REQUEST', cause }));
  expect([code, reason]).toEqual(['BAD_REQUEST', 'invalid_input']);
  return message;
}

describe('what a client is told', () => {
  test.each([
    ['not_found', 'NOT_FOUND', 404],
    ['invalid_transition', 'CONFLICT', 409],
    ['conflict', 'CONFLICT', 409],
    ['invalid_input', 'BAD_REQUEST', 400],
    ['limit_exceeded', 'TOO_MANY_REQUESTS', 429],
    ['unavailable', 'SERVICE_UNAVAILABLE', 503],
    ['forbidden', 'FORBIDDEN', 403],
  ] as const)('%s is %s, %i', (reason, code, httpStatus) => {
    const error = thrown(new DomainError(reason, 'It is so.'));
    expect(explainError(error)).toEqual({ code, httpStatus, reason, message: 'It is so.' });
    expect(isBug(error)).toBe(false);
  });

  test('every refusal of the domain has its answer', () => {
    expect(Object.keys(ANSWERS)).toHaveLength(7);
  });

  test('of a bug there is nothing to read', () => {
    const error = thrown(new TypeError('secret of undefined'));
    expect(explainError(error)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: null });
    expect(explainError(error).message).not.toContain('secret');
    expect(isBug(error)).toBe(true);
  });

  test('an answer of ours that does not fit its schema is a bug, not bad input', () => {
    const cause = z.string().safeParse(1).error;
    expect(isBug(thrown(cause))).toBe(true);
    expect(isBug(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause }))).toBe(
      true,
    );
  });

  test('bad input is named with its place', () => {
    expect(refusedInput({ prompt: 'x', workspace: '/w', priority: 5_000 })).toMatch(/^priority: .*1000/);
    expect(refusedInput({ prompt: 'x', workspace: '/w', after: ['x'] })).toMatch(/^after\.0: /);
    expect(refusedInput({ prompt: 'x', workspace: '/w', colour: 'red' })).toContain('colour');
    expect(refusedInput({ prompt: 'x', workspace: '/w', runAt: 1, delayMs: 1 })).toBe(
      'Give runAt or delayMs, not both.',
    );
    expect(refusedInput({ prompt: 1, workspace: 2 })).toMatch(/^prompt: .* \(and 1 more\)$/);
    expect(refusedInput(undefined)).not.toMatch(/[[{]/);
  });

  test('a text that is no JSON is bad input', () => {
    const error = new TRPCError({ code: 'PARSE_ERROR', cause: new SyntaxError('Unexpected end of JSON input') });
    expect(explainError(error)).toMatchObject({
      reason: 'invalid_input',
      message: 'The input is not valid JSON: Unexpected end of JSON input.',
    });
  });
});
