import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeId, TaskId } from '../../../src/domain/shared/id.js';
import { createNewId, newRunId } from '../../../src/infrastructure/system/ids.js';

const NOW = 1_800_000_000_000;

describe('new ids', () => {
  it('grow, whatever the clock does, also across a restart', () => {
    const time = fc.integer({ min: NOW - 100_000, max: NOW + 100_000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, random, fc.boolean()), { minLength: 1, maxLength: 50 }), (steps) => {
        let [clock, share, last] = [NOW, 0.5, 0];
        const open = () => createNewId({ clock: () => clock, random: () => share, lastKey: last });
        let newId = open();
        for (const [now, part, restarts] of steps) {
          [clock, share] = [now, part];
          if (restarts) newId = open();
          const id = newId('task');
          expect(TaskId.safeParse(id).success).toBe(true);
          expect(decodeId(id)).toBeGreaterThan(last);
          last = decodeId(id);
        }
      }),
    );
  });

  it('begin with the time, so that those of two databases are seldom the same', () => {
    const id = (share: number) => createNewId({ clock: () => NOW, random: () => share, lastKey: 0 })('task');
    expect(decodeId(id(0))).toBe((NOW - Date.UTC(2024, 0, 1)) * 4_096);
    expect(decodeId(id(0.999_99)) - decodeId(id(0))).toBe(4_095);
  });

  it('go on from the last key when the clock is behind it', () => {
    const newId = createNewId({ clock: () => 0, random: () => 0, lastKey: 77 });
    expect([newId('task'), newId('agent')].map(decodeId)).toEqual([78, 79]);
  });

  it('end, rather than repeat, when no key is left', () => {
    const newId = createNewId({ clock: () => NOW, random: () => 0, lastKey: Number.MAX_SAFE_INTEGER });
    expect(() => newId('task')).toThrow('No id is left');
  });
});

describe('run ids', () => {
  it('are 128 random bits', () => {
    const ids = Array.from({ length: 100 }, newRunId);
    for (const id of ids) expect(id).toMatch(/^run_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(100);
  });
});
