import type { inferRouterOutputs } from '@trpc/server';
import { expect, test } from 'vitest';
import type { AppRouter } from '../../../src/interfaces/trpc/router.js';
import { openDaemonHome } from '../../support/daemon-home.js';

type Observation = inferRouterOutputs<AppRouter>['observation']['get'][number];

test('what an agent did in a session is remembered and summarized when the session ends, and told to whoever listens', async () => {
  await using daemon = await openDaemonHome();
  const { client, work } = daemon;

  const created = new Promise<Observation>((resolve, reject) => {
    const following = client.observation.onCreated.subscribe(
      { after: 0 },
      {
        onData: ({ data: { observation } }) => {
          if (observation === null) return;
          following.unsubscribe();
          resolve(observation);
        },
        onError: reject,
      },
    );
  });
  const session = { source: 'claude', providerSessionId: 'one', cwd: work };
  const run = (toolUseId: string, result: string, outcome: 'done' | 'failed') => ({
    toolUseId,
    name: 'Bash',
    input: { command: 'npm test' },
    result,
    outcome,
  });
  await client.observation.record.mutate({
    session,
    toolUses: [
      run('1', 'Exit code 1\n      Tests  1 failed | 11 passed (12)', 'failed'),
      {
        toolUseId: '2',
        name: 'Edit',
        input: { file_path: `${work}/a.ts`, old_string: 'function parse() {}', new_string: '' },
      },
      run('3', '      Tests  12 passed (12)', 'done'),
    ],
  });
  const { items } = await client.session.list.query({});
  const sessionId = items[0]?.id ?? 'session_00000000000';
  const summarized = new Promise<void>((resolve, reject) => {
    const following = client.session.onUpdate.subscribe(
      { sessionId, after: 0 },
      {
        onData: ({ data: { event } }) => {
          if (event?.type !== 'session.summarized') return;
          following.unsubscribe();
          resolve();
        },
        onError: reject,
      },
    );
  });
  await client.session.close.mutate({ sessionId });

  const observation = await created;
  expect(observation).toMatchObject({
    type: 'fix',
    title: 'Fixed parse in a.ts',
    filesModified: ['a.ts'],
    origin: 'rules',
  });
  expect(await client.observation.get.query({ observationIds: [observation.id] })).toEqual([observation]);
  const listed = await client.observation.list.query({ types: ['fix'] });
  expect(listed.items).toEqual([observation]);
  await summarized;
  const summary = await client.session.summary.query({ sessionId });
  const parts = { asked: [], found: [], done: ['Fixed parse in a.ts; `npm test` passed (12 tests passed)'], open: [] };
  expect(summary).toMatchObject({ sessionId, origin: 'rules', parts });
  expect(await client.session.summarize.mutate({ sessionId })).toEqual(summary);
  await expect(client.session.summary.query({ sessionId: 'session_00000000000' })).rejects.toThrow(
    'There is no session',
  );
  expect((await client.system.status.query()).memory).toMatchObject({ observations: 2, waiting: 0 });
});
