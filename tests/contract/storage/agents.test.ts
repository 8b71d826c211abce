import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/domain/agent/agent.js';
import {
  assign,
  becomeReady,
  beginStop,
  crash,
  release,
  spawnAgent,
  stopped,
} from '../../../src/domain/agent/agent-transitions.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import { NOW, OWNER, taskId } from '../../support/storage-samples.js';

const RECEIPT = { ended: 2, left: 0 };

function starting(n: number, owner = OWNER) {
  const agent = {
    id: encodeId('agent', n),
    profile: 'claude',
    protocol: 'claude',
    runId: `run_${String(n)}`,
    owner,
  } as const;
  return spawnAgent(agent, NOW).state;
}

/** The states that an agent goes through, with every way to its end. */
function lives(n: number): Record<string, readonly Agent[]> {
  const born = starting(n);
  const idle = becomeReady(born, NOW + 1).state;
  const busy = assign(idle, taskId(7), NOW + 2).state;
  const stopping = beginStop(busy).state;
  return {
    starting: [born],
    idle: [born, idle],
    busy: [born, idle, busy],
    'idle again': [born, idle, busy, release(busy, NOW + 3).state],
    'stopping with its task': [born, idle, busy, stopping],
    stopped: [born, idle, busy, stopping, stopped(stopping, RECEIPT, NOW + 4).state],
    crashed: [born, idle, busy, crash(busy, 'It broke.', RECEIPT, NOW + 4).state],
  };
}

async function live({ transaction }: OpenedStorage, states: readonly Agent[]): Promise<Agent> {
  const [first, ...later] = states;
  if (first === undefined) throw new Error('A life has a start.');
  await transaction(({ agents }) => agents.insert(first));
  for (const state of later) await transaction(({ agents }) => agents.save(state));
  return later.at(-1) ?? first;
}

describe.each(STORAGES)('agents in $name', ({ open }) => {
  it.each(Object.entries(lives(1)))('come back as they were saved: %s', async (_, states) => {
    await using storage = await open();
    const agent = await live(storage, states);
    expect(await storage.read(({ agents }) => agents.get(agent.id))).toEqual(agent);
    expect(await storage.transaction(({ agents }) => agents.get(agent.id))).toEqual(agent);
  });

  it('are listed newest first, all or those that have not ended, page by page', async () => {
    await using storage = await open();
    const all: Agent[] = [];
    for (const [n, name] of Object.keys(lives(1)).entries()) all.unshift(await live(storage, lives(n + 1)[name] ?? []));
    const alive = all.filter(({ status }) => status !== 'stopped' && status !== 'crashed');
    const list = (filter: { live?: boolean; before?: Agent['id']; limit: number }) =>
      storage.read(({ agents }) => agents.list(filter));
    expect(await list({ limit: 100 })).toEqual(all);
    expect(await list({ live: true, limit: 100 })).toEqual(alive);
    expect(await list({ live: false, limit: 100 })).toEqual(all);
    expect(await list({ live: true, limit: 2 })).toEqual(alive.slice(0, 2));
    const before = alive[1]?.id ?? all[0]?.id ?? encodeId('agent', 0);
    expect(await list({ live: true, before, limit: 2 })).toEqual(alive.slice(2, 4));
    expect(await storage.transaction(({ agents }) => agents.list({ live: true, limit: 100 }))).toEqual(alive);
  });

  it('are abandoned when they live and belong to another server', async () => {
    await using storage = await open();
    const mine = await live(storage, [starting(1)]);
    const theirs = await live(storage, [
      starting(2, 'a dead server'),
      becomeReady(starting(2, 'a dead server'), NOW).state,
    ]);
    const gone = starting(3, 'a dead server');
    await live(storage, [gone, crash(gone, 'It broke.', RECEIPT, NOW).state]);
    const abandoned = (owner: string) => storage.transaction(({ agents }) => agents.abandoned(owner));
    expect(await abandoned(OWNER)).toEqual([theirs]);
    expect(await abandoned('a third server')).toEqual([mine, theirs]);
  });

  it('keep what their turn says last of how to find back, and change hands', async () => {
    await using storage = await open();
    const { id } = await live(storage, [starting(2, 'a dead server')]);
    const mark = () => storage.transaction(({ agents }) => agents.markOf(id));
    expect(await mark()).toBeNull();
    for (const text of ['first', 'last']) await storage.transaction(({ agents }) => agents.saveMark(id, text));
    expect(await mark()).toBe('last');
    await storage.transaction(({ agents }) => agents.changeOwner(id, OWNER));
    expect(await storage.transaction(({ agents }) => agents.abandoned(OWNER))).toEqual([]);
    expect(await storage.read(({ agents }) => agents.get(id))).toMatchObject({ owner: OWNER });
    expect(await mark()).toBe('last');
  });

  it('that are not there are not found', async () => {
    await using storage = await open();
    const { id } = starting(404);
    const missing = { code: 'not_found', message: `There is no agent ${id}.` };
    await expect(storage.read(({ agents }) => agents.get(id))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ agents }) => agents.get(id))).rejects.toMatchObject(missing);
    for (const state of [starting(404), crash(starting(404), 'It broke.', RECEIPT, NOW).state]) {
      await expect(storage.transaction(({ agents }) => agents.save(state))).rejects.toMatchObject(missing);
    }
  });

  it('are removed once they ended long ago, and no others', async () => {
    await using storage = await open();
    const ended = stopped(beginStop(becomeReady(starting(1), NOW + 1).state).state, RECEIPT, NOW + 5).state;
    await storage.transaction(async ({ agents }) => {
      for (const agent of [starting(1), starting(2)]) await agents.insert(agent);
      await agents.save(ended);
    });
    const remove = (n: number, before: number) =>
      storage.transaction(({ agents }) => agents.removeEnded(encodeId('agent', n), NOW + before));
    expect([await remove(1, 5), await remove(2, 100), await remove(1, 6), await remove(1, 6)]).toEqual([
      ...[false, false, true, false],
    ]);
    expect(await storage.read(({ agents }) => agents.list({ limit: 10 }))).toEqual([starting(2)]);
  });
});
