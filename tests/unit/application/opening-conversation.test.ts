import { expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

const TOLD = { source: 'codex', providerSessionId: 'thread', cwd: '/work/below' };

/** A task whose agent is about to open its conversation. */
async function opening() {
  const backend = openApplication({ pool: { max: 2 } });
  backend.start();
  const { id } = await backend.enqueue('Go.');
  const turn = await backend.runtime.nextTurn();
  const { sessionId } = await backend.app.getTask({ taskId: id });
  const hook = (run: string | null, change: object = {}) =>
    backend.app.startSession({ ...TOLD, transcriptPath: '/t.jsonl', continues: false, ...change }, run);
  const sessions = async () => (await backend.app.listSessions({ limit: 10 })).items;
  return { ...backend, turn, sessionId, hook, sessions };
}

it("is its task's when a hook of its run tells of it before the agent does", async () => {
  await using it = await opening();
  expect(await it.hook(it.turn.runId)).toMatchObject({ id: it.sessionId, providerSessionId: 'thread' });
  await it.turn.tell({ type: 'session', ...TOLD, agentVersion: '1', resumed: false });
  expect(await it.sessions()).toMatchObject([{ id: it.sessionId, ...TOLD, transcriptPath: '/t.jsonl', prompts: 1 }]);
});

it('is another one when the hook is of another run, of none, or of what the agent itself has started', async () => {
  await using it = await opening();
  await it.hook('elsewhere');
  await it.hook(null, { providerSessionId: 'other' });
  await it.turn.tell({ type: 'session', ...TOLD, providerSessionId: 'ours', agentVersion: '1', resumed: false });
  await it.hook(it.turn.runId, { providerSessionId: 'nested' });
  expect((await it.sessions()).map(({ providerSessionId }) => providerSessionId).toSorted()).toEqual([
    'nested',
    'other',
    'ours',
    'thread',
  ]);
});
