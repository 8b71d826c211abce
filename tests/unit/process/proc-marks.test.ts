import { expect, it } from 'vitest';
import { runIdOf } from '../../../src/infrastructure/process/proc-marks.js';

it.each([
  ['CW_RUN_ID=abc\0PATH=/bin\0', 'abc'],
  ['PATH=/bin\0CW_RUN_ID=abc\0', 'abc'],
  ['PATH=/bin\0CW_RUN_ID=abc', 'abc'],
  ['CW_RUN_ID=\0', ''],
  ['CW_RUN_ID=first\0CW_RUN_ID=second\0', 'first'],
  ['NOT_CW_RUN_ID=abc\0', null],
  ['NOT_CW_RUN_ID=abc\0CW_RUN_ID=real\0', 'real'],
  ['TEXT=a CW_RUN_ID=abc\0', null],
  ['CW_RUN_ID2=abc\0', null],
  ['', null],
])('finds the run id in %j: %j', (environment, runId) => {
  expect(runIdOf(Buffer.from(environment))).toBe(runId);
});
