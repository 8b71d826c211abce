import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../src/domain/usage/usage.js';
import { STORAGES } from '../../support/storage.js';
import {
  addSessions,
  addWorkspaces,
  insertAll,
  OTHER_SESSION,
  pendingTask,
  SESSION,
  taskId,
} from '../../support/storage-samples.js';

const USED = { inputTokens: 100, outputTokens: 20, cachedTokens: 30, microUsd: 4_000 };

describe.each(STORAGES)('what agents have used in $name', ({ open }) => {
  it('is set for a conversation, and added up for a task and a day of a profile', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    await insertAll(storage, [pendingTask(1), pendingTask(2)]);
    await storage.transaction(async ({ usage }) => {
      await usage.setSession(SESSION, USED);
      await usage.setSession(SESSION, { ...USED, inputTokens: 150 });
      await usage.add({ taskId: taskId(1), profile: 'claude', day: 20_000 }, USED);
      await usage.add({ taskId: taskId(1), profile: 'claude', day: 20_001 }, USED);
      await usage.add({ taskId: taskId(2), profile: 'claude', day: 20_001 }, USED);
      expect(await usage.ofTask(taskId(1))).toMatchObject({ inputTokens: 200, microUsd: 8_000 });
    });
    const read = storage.read(async ({ usage }) => [
      await usage.ofSession(SESSION),
      await usage.ofSession(OTHER_SESSION),
      await usage.ofTask(taskId(2)),
      await usage.onDay('claude', 20_001),
      await usage.onDay('codex', 20_001),
    ]);
    expect(await read).toEqual([
      { ...USED, inputTokens: 150 },
      NO_USAGE,
      USED,
      { inputTokens: 200, outputTokens: 40, cachedTokens: 60, microUsd: 8_000 },
      NO_USAGE,
    ]);
  });
});
