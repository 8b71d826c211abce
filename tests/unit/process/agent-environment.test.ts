import { expect, it } from 'vitest';
import { agentEnvironment } from '../../../src/infrastructure/process/agent-environment.js';

const SERVER = {
  PATH: '/bin',
  HOME: '/home/me',
  LC_TIME: 'C',
  XDG_CONFIG_HOME: '/x',
  CW_HOME: '/cw',
  CW_TOKEN: 'secret',
  CW_RUN_ID: 'of an outer server',
  CW_TOKEN_FILE: '/of/an/outer/server',
  LD_PRELOAD: '/evil.so',
  NODE_OPTIONS: '--inspect',
  SSH_AUTH_SOCK: '/ssh',
  AWS_SECRET_ACCESS_KEY: 'secret',
  path: 'lower',
  UNSET: undefined,
};

it('passes on what is on the list and nothing else', () => {
  expect(agentEnvironment(SERVER, { runId: 'r' })).toEqual({
    ...{ PATH: '/bin', HOME: '/home/me', LC_TIME: 'C', XDG_CONFIG_HOME: '/x', CW_HOME: '/cw', CW_RUN_ID: 'r' },
  });
});

it('passes on what the profile names, if it is there', () => {
  const passed = agentEnvironment(
    { LD_PRELOAD: '/x.so' },
    { runId: 'r', passEnv: ['LD_PRELOAD', 'UNSET', 'NOT_THERE'] },
  );
  expect(passed).toEqual({ LD_PRELOAD: '/x.so', CW_RUN_ID: 'r' });
});

it('lets the profile set a variable over the one that it passes on', () => {
  expect(agentEnvironment(SERVER, { runId: 'r', passEnv: ['HOME'], env: { HOME: '/other' } })).toMatchObject({
    HOME: '/other',
  });
});

it('lets nobody replace the mark of the run', () => {
  const request = { runId: 'r', passEnv: ['CW_RUN_ID'], env: { CW_RUN_ID: 'mine' } };
  expect(agentEnvironment(SERVER, request)).toMatchObject({ CW_RUN_ID: 'r' });
});

it('names the file with the token of the agent, which nothing can replace', () => {
  const request = { runId: 'r', tokenFile: '/tokens/a', env: { CW_TOKEN_FILE: '/x' }, passEnv: ['CW_TOKEN_FILE'] };
  expect(agentEnvironment(SERVER, request)['CW_TOKEN_FILE']).toBe('/tokens/a');
  expect(agentEnvironment(SERVER, { ...request, env: {}, tokenFile: undefined })['CW_TOKEN_FILE']).toBeUndefined();
});

it('tells of the results of earlier tasks, and never of those of another task', () => {
  const request = { runId: 'r', env: { CW_RESULTS: '/x' }, resultsFile: '/runs/a/results.json' };
  expect(agentEnvironment(SERVER, request)['CW_RESULTS']).toBe('/runs/a/results.json');
  const outer = { ...SERVER, CW_RESULTS: '/of/an/outer/task' };
  expect(agentEnvironment(outer, { runId: 'r' })['CW_RESULTS']).toBeUndefined();
});
