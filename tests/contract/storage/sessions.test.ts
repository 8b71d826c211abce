import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session, SessionStatus } from '../../../src/domain/session/session.js';
import {
  closeSession,
  failSession,
  pauseSession,
  promptSession,
  resumeSession,
  startSession,
} from '../../../src/domain/session/session-transitions.js';
import { encodeId, type WorkspaceId } from '../../../src/domain/shared/id.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import {
  addWorkspaces,
  NOW,
  OTHER_WORKSPACE,
  prompt,
  SESSION,
  taskId,
  toolUse,
  WORKSPACE,
} from '../../support/storage-samples.js';

function started(n: number, workspaceId: WorkspaceId) {
  const session = {
    id: encodeId('session', n),
    source: n % 2 === 0 ? 'cw' : 'claude',
    providerSessionId: n % 2 === 0 ? null : `provider-${String(n)}`,
    agent: 'claude',
    workspaceId,
    taskId: n % 2 === 0 ? taskId(n) : null,
  };
  return startSession(session, NOW).state;
}

/** The states that a session goes through. */
function lives(n: number, workspaceId: WorkspaceId = WORKSPACE): Record<string, readonly Session[]> {
  const born = started(n, workspaceId);
  const prompted = promptSession(born, 'Fix the build, please.\nIt is red.', NOW + 1).state;
  const paused = pauseSession(prompted, NOW + 2).state;
  const closed = closeSession(prompted, NOW + 3).state;
  const failed = failSession(prompted, 'The agent crashed.', NOW + 3).state;
  return {
    active: [born],
    prompted: [born, prompted],
    paused: [born, prompted, paused],
    resumed: [born, prompted, paused, resumeSession(paused, NOW + 4).state],
    closed: [born, prompted, closed],
    failed: [born, prompted, failed],
    reopened: [born, prompted, failed, promptSession(failed, 'Again.', NOW + 5).state],
    'known to its provider': [born, { ...prompted, providerSessionId: `given later to ${String(n)}` }],
  };
}

async function live({ transaction }: OpenedStorage, states: readonly Session[]): Promise<Session> {
  const [first, ...later] = states;
  if (first === undefined) throw new Error('A life has a start.');
  await transaction(({ sessions }) => sessions.insert(first));
  for (const state of later) await transaction(({ sessions }) => sessions.save(state));
  return later.at(-1) ?? first;
}

describe.each(STORAGES)('sessions in $name', ({ open }) => {
  it('are found by the id that their agent gave them, each kind of agent for itself', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const session = { ...started(1, WORKSPACE), cwd: '/one/src', transcriptPath: '/t.jsonl', agentVersion: '2.1.0' };
    await storage.transaction(({ sessions }) => sessions.insert(session));
    const find = (source: string, id: string) => storage.read(({ sessions }) => sessions.findByProvider(source, id));
    expect(await find('claude', 'provider-1')).toEqual(session);
    expect(await find('codex', 'provider-1')).toBeUndefined();
    const later = { ...session, transcriptPath: '/u.jsonl', cwd: null, agentVersion: '2.2.0', agent: 'codex' };
    await storage.transaction(({ sessions }) => sessions.save(later));
    expect(await find('claude', 'provider-1')).toEqual(later);
  });

  it('are idle when nothing was heard of them for long, oldest first; those of tasks never', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const sessions = [1, 2, 3, 5, 7, 9].map((n) => started(n, WORKSPACE));
    const [first, ofTask, prompted, used, , closed] = sessions;
    await storage.transaction(async (stores) => {
      for (const session of sessions) await stores.sessions.insert(session);
      if (closed !== undefined) await stores.sessions.save(closeSession(closed, NOW).state);
      await stores.prompts.insert(prompt(1, { sessionId: prompted?.id ?? SESSION, at: NOW + 100 }));
      await stores.toolUses.insert(toolUse(1, { sessionId: used?.id ?? SESSION, at: NOW + 50 }));
    });
    const idle = async (since: number, limit = 10) =>
      (await storage.read((stores) => stores.sessions.idle(since, limit))).map(({ id }) => id);
    const [one, three, five, seven] = [first, prompted, used, sessions[4]].map((session) => session?.id);
    expect(await idle(NOW)).toEqual([]);
    expect(await idle(NOW + 10)).toEqual([one, seven]);
    expect(await idle(NOW + 60)).toEqual([one, five, seven]);
    expect(await idle(NOW + 101)).toEqual([one, three, five, seven]);
    expect(await storage.transaction((stores) => stores.sessions.idle(NOW + 101, 2))).toEqual([first, prompted]);
    expect(await idle(NOW + 101)).not.toContain(ofTask?.id);
  });

  it.each(Object.entries(lives(1)))('come back as they were saved: %s', async (_, states) => {
    await using storage = await open();
    await addWorkspaces(storage);
    const session = await live(storage, states);
    expect(await storage.read(({ sessions }) => sessions.get(session.id))).toEqual(session);
    expect(await storage.transaction(({ sessions }) => sessions.get(session.id))).toEqual(session);
  });

  it('are listed newest first, page by page, by any filter, and those that are open are counted', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const all: Session[] = [];
    const names = Object.keys(lives(1));
    for (let n = 1; n <= 40; n += 1) {
      const path = lives(n, n % 3 === 0 ? OTHER_WORKSPACE : WORKSPACE)[names[n % names.length] ?? ''] ?? [];
      all.unshift(await live(storage, path));
    }
    const pick = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const statuses: SessionStatus[] = ['active', 'paused', 'closed', 'failed'];
    const filter = fc.record({ status: pick(statuses), workspaceId: pick([WORKSPACE, OTHER_WORKSPACE]) });
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 30 }), async (wanted, limit) => {
        const expected = all
          .filter(({ status }) => wanted.status === undefined || status === wanted.status)
          .filter(({ workspaceId }) => wanted.workspaceId === undefined || workspaceId === wanted.workspaceId);
        const found: Session[] = [];
        for (;;) {
          const before = found.at(-1)?.id;
          const page = await storage.read(({ sessions }) => sessions.list({ ...wanted, before, limit }));
          found.push(...page);
          if (page.length < limit) break;
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
    const count = (wanted: SessionStatus) => all.filter(({ status }) => status === wanted).length;
    const counted = { active: count('active'), paused: count('paused') };
    expect(await storage.read(({ sessions }) => sessions.open())).toEqual(counted);
    expect(await storage.transaction(({ sessions }) => sessions.open())).toEqual(counted);
  });

  it('that are not there are not found', async () => {
    await using storage = await open();
    const unknown = started(404, WORKSPACE);
    const missing = { code: 'not_found', message: `There is no session ${unknown.id}.` };
    await expect(storage.read(({ sessions }) => sessions.get(unknown.id))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ sessions }) => sessions.get(unknown.id))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ sessions }) => sessions.save(unknown))).rejects.toMatchObject(missing);
  });
});
