import { expect, it } from 'vitest';
import type { ProcessEnd } from '../../../src/application/ports/program-runner.js';
import { rulingOf } from '../../../src/domain/agent/agent-profile.js';
import { turnEnd } from '../../../src/infrastructure/agents/command/turn-end.js';

const receipt = { ended: 2, left: 0 };
const RUNNING = { command: 'npm test', workspace: '/work' };

function end(processEnd: ProcessEnd, output = '', timeoutMs = 1) {
  const start = { started: true, pid: 7, end: Promise.resolve(processEnd) } as const;
  return turnEnd(start, timeoutMs, async () => ({ text: output, truncated: false, bytes: output.length }), RUNNING);
}

it.each([
  [true, 'failed'],
  [false, 'usage'],
])('tries a program again that could not be started only if that may pass: %s', async (temporary, code) => {
  const problem = 'It is not there.';
  expect(
    await turnEnd({ started: false, problem, temporary }, 1, () => Promise.reject(new Error('no output')), RUNNING),
  ).toEqual({
    ...{ outcome: 'failed', error: { code, message: problem }, exitCode: null, receipt: { ended: 0, left: 0 } },
    ran: { ...RUNNING, output: '' },
  });
});

it.each([
  ['', ''],
  ['\n \n', ''],
  ['one\ntwo\n\n', ' Last line of its output: two'],
  ['progress 1\rprogress 2\r\n', ' Last line of its output: progress 2'],
  ['\u001b[31mred\u001b[0m\n', ' Last line of its output: red'],
  [`${'x'.repeat(300)}\n`, ` Last line of its output: ${'x'.repeat(200)} …`],
])('quotes the last line of %j that says anything', async (output, quote) => {
  expect(await end({ how: 'exited', exitCode: 1, receipt }, output)).toMatchObject({
    error: { code: 'failed', message: `Exited with code 1.${quote}` },
    exitCode: 1,
    receipt,
  });
});

it.each([
  [999, '999 ms'],
  [1_500, '1.5 s'],
  [90_000, '90 s'],
  [3_600_000, '60 min'],
])('says a time limit of %i ms as %s', async (timeoutMs, words) => {
  expect(await end({ how: 'timeout', receipt }, '', timeoutMs)).toMatchObject({
    error: { code: 'timeout', message: `Ran longer than its time limit of ${words} and was stopped.` },
  });
});

it.each([
  [0, { outcome: 'completed', ran: { ...RUNNING, output: 'said' } }],
  [1, { outcome: 'failed', ran: { ...RUNNING, output: 'said' } }],
])('tells what was run and what it wrote, with exit code %i', async (exitCode, expected) => {
  expect(await end({ how: 'exited', exitCode, receipt }, 'said')).toMatchObject(expected);
});

it.each([
  [64, 'never'],
  [75, { afterMs: 30_000 }],
  [1, undefined],
])('says of exit code %i what its profile says', async (exitCode, retry) => {
  const rules = { '64': 'never', '75': { retryAfterMs: 30_000 } } as const;
  const start = { started: true, pid: 7, end: Promise.resolve({ how: 'exited', exitCode, receipt } as const) } as const;
  const output = async () => ({ text: '', truncated: false, bytes: 0 });
  const ended = await turnEnd(start, 1, output, RUNNING, (code) => rulingOf(rules, code));
  expect(ended).toMatchObject({ outcome: 'failed', exitCode, retry });
});
