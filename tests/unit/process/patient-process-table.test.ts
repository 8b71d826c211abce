import { expect, it } from 'vitest';
import { createPatientProcessTable } from '../../../src/infrastructure/process/patient-process-table.js';
import type { ProcessTable } from '../../../src/infrastructure/process/process-table.js';

/** A process table that fails with this code at first. */
function failingTable(code: string, times: number): ProcessTable {
  let left = times;
  const answer = async <T>(value: T): Promise<T> => {
    if (left === 0) return value;
    left -= 1;
    throw Object.assign(new Error(code), { code });
  };
  return {
    identify: (pid) => answer({ pid, startedAt: 1 }),
    list: () => answer({ rows: [], complete: true }),
    alive: () => answer([]),
    signal: () => answer(undefined),
  };
}

it.each(['EMFILE', 'ENFILE'])('looks again while there is no descriptor to look with: %s', async (code) => {
  expect(await createPatientProcessTable(failingTable(code, 2)).identify(7)).toEqual({ pid: 7, startedAt: 1 });
  expect(await createPatientProcessTable(failingTable(code, 1)).alive([])).toEqual([]);
});

it('lets every other fault through', async () => {
  await expect(createPatientProcessTable(failingTable('EIO', 1)).identify(7)).rejects.toMatchObject({ code: 'EIO' });
});
