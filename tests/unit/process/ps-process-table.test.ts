import { expect, it } from 'vitest';
import { markedIn, parsePs } from '../../../src/infrastructure/process/ps-process-table.js';

it('reads what ps of macOS prints, without zombies', () => {
  const output = [
    '    1     0     1 Ss    12:34.56 Thu Nov 19 08:00:01 2026    ',
    '  512     1   512 S+  1-02:03:04 Fri Nov 20 12:00:00 2026    ',
    '  513   512   512 Z     0:00.00 Fri Nov 20 12:00:01 2026    ',
    '',
  ].join('\n');
  const startedAt = new Date(2026, 10, 20, 12).getTime() / 1000;
  expect(parsePs(output)).toEqual([
    expect.objectContaining({ pid: 1, cpuMs: 754_560 }),
    { pid: 512, parent: 1, group: 512, session: 0, startedAt, cpuMs: 93_784_000, marked: false },
  ]);
});

it('finds the processes that carry one of the run ids', () => {
  const output = [
    '  10 /bin/zsh PATH=/bin CW_RUN_ID=one HOME=/Users/me',
    '  11 node x.js CW_RUN_ID=two',
    '  12 node x.js NOT_CW_RUN_ID=one',
    '  13 node x.js CW_RUN_ID=three',
  ].join('\n');
  expect([...markedIn(output, new Set(['one', 'two']))]).toEqual([10, 11]);
});
