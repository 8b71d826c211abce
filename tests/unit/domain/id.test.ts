import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import {
  AgentId,
  decodeId,
  encodeId,
  ObservationId,
  SessionId,
  TaskId,
  WorkspaceId,
} from '../../../src/domain/shared/id.js';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const key = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, 31, 32, 2 ** 30 - 1, 2 ** 30, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER),
);

/** The key in base 32, digit by digit. */
function digitsOf(number: number): string {
  let digits = '';
  for (let rest = BigInt(number), place = 0; place < 11; place += 1, rest /= 32n) {
    digits = DIGITS.charAt(Number(rest % 32n)) + digits;
  }
  return digits;
}

describe('an id', () => {
  it('is its key in base 32, and gives it back', () => {
    fc.assert(
      fc.property(key, (number) => {
        const id = encodeId('task', number);
        expect(id).toBe(`task_${digitsOf(number)}`);
        expect(decodeId(id)).toBe(number);
      }),
    );
  });

  it('sorts as its key does', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const [idA, idB] = [encodeId('session', a), encodeId('session', b)];
        expect(idA < idB).toBe(a < b);
        expect(idA === idB).toBe(a === b);
      }),
    );
  });

  it('is of the kind that its prefix says', () => {
    expect(TaskId.safeParse(encodeId('task', 5)).success).toBe(true);
    expect(SessionId.safeParse(encodeId('session', 5)).success).toBe(true);
    expect(AgentId.safeParse(encodeId('agent', 5)).success).toBe(true);
    expect(ObservationId.safeParse(encodeId('obs', 5)).success).toBe(true);
    expect(WorkspaceId.safeParse(encodeId('workspace', Number.MAX_SAFE_INTEGER)).success).toBe(true);
    expect(TaskId.safeParse(encodeId('agent', 5)).success).toBe(false);
  });

  it.each([
    '',
    'task',
    'task_',
    'task_0000000000',
    'task_000000000000',
    'task_0000000000l',
    'task_0000000000U',
    'task_0000000000ü',
    'task_8000000000\u{1f642}',
    'task_80000000000',
    '00000000001',
    'task_0000000000a',
  ])('is not %j, and its key is not read', (text) => {
    expect(TaskId.safeParse(text).success).toBe(false);
    expect(() => decodeId(text)).toThrow(DomainError);
  });

  it('is read only from what its schema lets through', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 14 }), (text) => {
        const id = `task_${text}`;
        if (TaskId.safeParse(id).success) expect(encodeId('task', decodeId(id))).toBe(id);
        else expect(() => decodeId(id)).toThrow(DomainError);
      }),
    );
  });
});
