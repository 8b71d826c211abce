import { expect, it } from 'vitest';
import { isAlive, parseProcStat } from '../../../src/infrastructure/process/proc-stat.js';

const REST = '4831 4830 4121 0 -1 4194304 103 0 0 0 3 2 40 5 20 0 1 0 128329 3133440 423 18446744073709551615';

it('reads pid, state, parent, group, session, start time, and processor time with that of children', () => {
  expect(parseProcStat(`4838 (cat) R ${REST}`)).toEqual({
    ...{
      pid: 4838,
      state: 'R',
      parent: 4831,
      group: 4830,
      session: 4121,
      cpuMs: 500,
      kernel: false,
      startedAt: 128329,
    },
  });
});

it('is not misled by a name with spaces, brackets and line breaks', () => {
  expect(parseProcStat(`7 (a) R 1 1 (\n) S ${REST}`)).toMatchObject({
    pid: 7,
    state: 'S',
    parent: 4831,
    startedAt: 128329,
  });
});

it('knows a thread of the kernel by its flag', () => {
  expect(parseProcStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0')).toMatchObject({
    kernel: true,
  });
});

it.each(['', 'garbage', '1 (a) R 1'])('takes what is no such line for no process: %j', (line) => {
  expect(parseProcStat(line)).toBeNull();
});

it.each([
  ['R', true],
  ['S', true],
  ['D', true],
  ['T', true],
  ['Z', false],
  ['X', false],
])('counts state %s as alive: %s', (state, alive) => {
  const stat = parseProcStat(`1 (a) ${state} ${REST}`);
  expect(stat !== null && isAlive(stat)).toBe(alive);
});
