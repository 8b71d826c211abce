import { expect, it } from 'vitest';
import { checkConfig } from '../../../src/config.js';

it('of retention have defaults, are whole numbers or "forever", and never 0', () => {
  expect(checkConfig({}, 'config.json').retention).toEqual({
    eventsDays: 30,
    finishedTasksDays: 90,
    toolUseTextDays: 30,
    runOutputMb: 2_048,
  });
  expect(checkConfig({ retention: { runOutputMb: 'forever' } }, 'config.json').retention.runOutputMb).toBe('forever');
  for (const wrong of [0, -1, 1.5, 'never', null]) {
    expect(() => checkConfig({ retention: { eventsDays: wrong } }, 'config.json')).toThrow(
      'In config.json, retention.eventsDays: it must be a whole number from 1 on, or "forever" to keep everything.',
    );
  }
});

it('of retries are checked with the path of what is wrong', () => {
  const retry = { backoff: { kind: 'list', delaysMs: [1_000, 60_000] }, on: { timeout: 'never' } };
  expect(checkConfig({ tasks: { retry } }, 'config.json').tasks.retry).toEqual(retry);
  expect(() => checkConfig({ tasks: { retry: { on: { crashed: 'no' } } } }, 'config.json')).toThrow(
    /^In config\.json, tasks\.retry\.on\.crashed: it must be "never", or how long to wait/,
  );
  expect(() => checkConfig({ tasks: { retry: { backoff: { kind: 'fixed', delayMs: -1 } } } }, 'config.json')).toThrow(
    /^In config\.json, tasks\.retry\.backoff\.delayMs: a delay must be a whole number of milliseconds from 0 to \d+\.$/,
  );
});

it('of exit codes are checked with the path of what is wrong', () => {
  const agents = (exitCodes: object) => ({ agents: { shell: { protocol: 'shell', exitCodes } } });
  const exitCodes = { '64': 'never', '75': { retryAfterMs: 30_000 } };
  expect(checkConfig(agents(exitCodes), 'config.json').agents['shell']).toMatchObject({ exitCodes });
  expect(() => checkConfig(agents({ '75': 'soon' }), 'config.json')).toThrow(
    'In config.json, agents.shell.exitCodes.75: it must be "never", or { "retryAfterMs": 30000 } with a time in milliseconds.',
  );
  expect(() => checkConfig(agents({ '0': 'never' }), 'config.json')).toThrow(
    'In config.json, agents.shell.exitCodes.0: an exit code is a whole number from 1 on.',
  );
});
