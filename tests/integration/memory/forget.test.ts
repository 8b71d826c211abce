import { expect, test } from 'vitest';
import { failureOf } from '../../../src/interfaces/client/failure.js';
import { type DaemonHome, openDaemonHome } from '../../support/daemon-home.js';

/** A word that stands nowhere else. */
const CANARY = 'quarzzirkumflex';

/** A session that says the canary wherever it can, and is distilled. */
async function sayIt({ hook, client, work }: DaemonHome) {
  await hook('session-start', { source: 'startup' });
  await hook('user-prompt-submit', { prompt: `Look for ${CANARY}.`, prompt_id: 'p1' });
  await hook('post-tool-use', {
    tool_name: 'Bash',
    tool_use_id: 't1',
    prompt_id: 'p1',
    tool_input: { command: `grep -r ${CANARY} src/${CANARY}.ts` },
    tool_response: { stdout: `${CANARY}\n`.repeat(200), stderr: '', interrupted: false },
  });
  await hook('post-tool-use', {
    tool_name: 'Edit',
    tool_use_id: 't2',
    prompt_id: 'p1',
    tool_input: { file_path: `${work}/src/${CANARY}.ts`, old_string: 'a', new_string: CANARY },
    tool_response: 'ok',
  });
  await hook('stop', { last_assistant_message: `There is ${CANARY}.`, prompt_id: 'p1' });
  const { items } = await client.session.list.query({});
  const sessionId = items[0]?.id ?? 'session_00000000000';
  const remembered = new Promise<void>((resolve, reject) => {
    const following = client.observation.onCreated.subscribe(
      { after: 0, sessionId },
      {
        onData: () => {
          following.unsubscribe();
          resolve();
        },
        onError: reject,
      },
    );
  });
  await client.session.close.mutate({ sessionId });
  await remembered;
  return sessionId;
}

test('a session that is forgotten leaves no byte in the data directory once it is pruned', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  const sessionId = await sayIt(server);
  const kept = await client.observation.add.mutate({ workspace: work, text: 'Marmalade is kept.', pinned: true });
  expect(await server.filesWith(CANARY)).not.toEqual([]);

  const counted = await client.observation.forget.mutate({ sessionId, dryRun: true });
  expect(counted).toMatchObject({ prompts: 2, toolUses: 2 });
  expect(counted.observations).toBeGreaterThan(0);
  expect(await client.observation.forget.mutate({ sessionId })).toEqual(counted);
  await client.observation.prune.mutate();
  expect(await server.filesWith(CANARY)).toEqual([]);

  const { items: said } = await client.session.prompts.query({ sessionId });
  expect(said.map(({ text }) => text)).toEqual(['']);
  expect((await client.session.get.query({ sessionId })).title).toBe('');
  expect((await client.observation.list.query({})).items).toEqual([kept]);
  const { text } = await client.observation.context.query({ workspace: work });
  expect(text).toContain('Marmalade is kept.');
  // What comes once more, from a transcript say, is not remembered again.
  await server.hook('post-tool-use', {
    tool_name: 'Bash',
    tool_use_id: 't1',
    prompt_id: 'p1',
    tool_input: { command: CANARY },
    tool_response: CANARY,
  });
  await server.hook('stop', { last_assistant_message: `There is ${CANARY}.`, prompt_id: 'p1' });
  await expect(client.observation.forget.mutate({ query: CANARY })).rejects.toThrow('Nothing that is remembered fits');
  expect(await server.filesWith(CANARY)).toEqual([]);
});

test('it is found by words, file, time and id, and what fits nothing is one clear answer', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  await sayIt(server);
  const note = await client.observation.add.mutate({ workspace: work, text: `A note on ${CANARY} and more` });
  const other = await client.observation.add.mutate({ workspace: work, text: 'Another note' });
  const count = (filter: Parameters<typeof client.observation.forget.mutate>[0]) =>
    client.observation.forget.mutate({ ...filter, dryRun: true });

  expect((await count({ query: `${CANARY.toUpperCase()} note` })).observations).toBe(1);
  expect(await count({ file: `src/${CANARY}.ts` })).toMatchObject({ prompts: 0, toolUses: 2 });
  expect((await count({ since: note.createdAt, query: 'note' })).observations).toBe(2);
  expect((await count({ workspaceId: note.workspaceId })).prompts).toBe(2);
  const refused = async (filter: Parameters<typeof count>[0]) =>
    failureOf(await client.observation.forget.mutate(filter).catch((error: unknown) => error));
  for (const filter of [{ query: 'nowhere at all' }, { until: 1 }, { file: 'ts' }]) {
    expect(await refused(filter)).toMatchObject({ kind: 'refused', reason: 'not_found' });
  }
  expect(await refused({ observationIds: [note.id, 'obs_00000000009'] })).toMatchObject({ reason: 'not_found' });
  expect(await client.observation.forget.mutate({ observationIds: [note.id] })).toMatchObject({ observations: 1 });
  expect(await refused({ observationIds: [note.id] })).toMatchObject({ reason: 'invalid_transition' });
  expect(await refused({})).toMatchObject({ reason: 'invalid_input' });
  expect(await refused({ observationIds: [other.id], query: 'x' })).toMatchObject({ reason: 'invalid_input' });
  expect(await client.observation.get.query({ observationIds: [other.id] })).toEqual([other]);
});

test('a note without its private parts and secrets is kept, and none is kept of nothing', async () => {
  await using server = await openDaemonHome();
  const { client, work } = server;
  const note = await client.observation.add.mutate({ workspace: work, text: `Use pnpm. <private>${CANARY}</private>` });
  expect(note).toMatchObject({ type: 'note', origin: 'user', title: 'Use pnpm.', narrative: 'Use pnpm.' });
  await expect(client.observation.add.mutate({ workspace: work, text: '<private>x</private>' })).rejects.toThrow(
    'The note has no text that may be kept',
  );
  expect(await server.filesWith(CANARY)).toEqual([]);
});
