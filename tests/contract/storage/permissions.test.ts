import { describe, expect, it } from 'vitest';
import type { WaitingPermission } from '../../../src/domain/permission/permission.js';
import {
  askPermission,
  decidePermission,
  withdrawPermission,
} from '../../../src/domain/permission/permission-transitions.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { STORAGES } from '../../support/storage.js';
import { AGENT, addWorkspaces, NOW, SESSION, taskId, WORKSPACE } from '../../support/storage-samples.js';

function asked(number: number, more: Partial<WaitingPermission> = {}): WaitingPermission {
  const request = {
    id: encodeId('perm', number),
    taskId: taskId(1),
    sessionId: SESSION,
    workspaceId: WORKSPACE,
    agentId: AGENT,
    profile: 'claude',
    requestId: `r${String(number)}`,
    toolUseId: null,
    tool: 'Bash',
    input: '{"command":"make"}',
    title: 'make',
    ...more,
  };
  return askPermission(request, NOW + number).state;
}
const byPerson = { by: 'person', reason: 'allowed', always: true } as const;

describe.each(STORAGES)('permissions in $name', ({ open }) => {
  it('come back as they were saved, in every state', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const waiting = asked(1);
    const states = [
      waiting,
      decidePermission(asked(2), { ...byPerson, status: 'allowed' }, NOW + 9).state,
      decidePermission(asked(3), { ...byPerson, status: 'denied', always: false }, NOW + 9).state,
      withdrawPermission(asked(4), NOW + 9).state,
    ];
    await storage.transaction(async ({ permissions }) => {
      for (const [index, state] of states.entries()) {
        await permissions.insert(asked(index + 1));
        await permissions.save(state);
      }
    });
    for (const state of states) {
      expect(await storage.read(({ permissions }) => permissions.get(state.id))).toEqual(state);
    }
    const list = (filter: object) => storage.read(({ permissions }) => permissions.list({ limit: 10, ...filter }));
    expect((await list({})).map(({ id }) => id)).toEqual(states.map(({ id }) => id).reverse());
    expect(await list({ status: 'waiting' })).toEqual([waiting]);
    expect(await list({ taskId: taskId(1), before: states[2]?.id })).toHaveLength(2);
    expect(await list({ taskId: taskId(2) })).toEqual([]);
    await expect(storage.read(({ permissions }) => permissions.get(encodeId('perm', 99)))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are found as the same again, and where an answer holds for good', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const [first, second] = [asked(1), asked(2)];
    const lasting = decidePermission(asked(3, { taskId: taskId(2) }), { ...byPerson, status: 'denied' }, NOW).state;
    await storage.transaction(async ({ permissions }) => {
      for (const one of [first, second, lasting]) await permissions.insert(one);
      const { tool, input, profile, workspaceId } = first;
      expect(await permissions.findSame({ taskId: taskId(1), tool, input })).toEqual(second);
      expect(await permissions.findSame({ taskId: taskId(1), tool, input: '{}' })).toBeUndefined();
      expect(await permissions.findAlways({ profile, workspaceId, tool })).toEqual(lasting);
      expect(await permissions.findAlways({ profile: 'codex', workspaceId, tool })).toBeUndefined();
      expect(await permissions.waitingOf(taskId(1))).toEqual([first, second]);
      expect(await permissions.waitingOf(taskId(2))).toEqual([]);
    });
  });
});
