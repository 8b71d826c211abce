import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/domain/task/task.js';
import { LIST_STEP } from '../../../src/infrastructure/sqlite/task-sources.js';
import { openTemporaryStorage } from '../../support/storage.js';
import { addWorkspaces, insertAll, pendingTask, taskId } from '../../support/storage-samples.js';

describe('a list that fits few of very many tasks', () => {
  it('finds them all, page by page, and lets other work go on while it looks', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    const count = 2 * LIST_STEP + 500;
    const rare = [1, 2, 700, LIST_STEP, count];
    const agentOf = (n: number) => (rare.includes(n) ? 'claude' : 'shell');
    await insertAll(
      storage,
      Array.from({ length: count }, (_, n) => pendingTask(n + 1, { agent: agentOf(n + 1) })),
    );

    let turns = 0;
    const countTurns = () => {
      turns += 1;
      next = setImmediate(countTurns);
    };
    let next = setImmediate(countTurns);
    const found: Task[] = [];
    for (;;) {
      const before = found.at(-1)?.id;
      const page = await storage.read(({ tasks }) => tasks.list({ agent: 'claude', before, limit: 2 }));
      found.push(...page);
      if (page.length < 2) break;
    }
    expect(await storage.read(({ tasks }) => tasks.list({ agent: 'nobody', limit: 10 }))).toEqual([]);
    clearImmediate(next);
    expect(found.map(({ id }) => id)).toEqual(rare.reverse().map(taskId));
    expect(turns).toBeGreaterThanOrEqual(3);
    const all = await storage.transaction(({ tasks }) =>
      tasks.list({ status: 'pending', agent: 'claude', limit: 100 }),
    );
    expect(all).toEqual(found);
  });
});
