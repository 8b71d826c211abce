import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApplication } from '../support/application.js';
import { expectDrained, queueCommands, type RealQueue } from '../support/queue-model/commands.js';
import { QueueModel } from '../support/queue-model/model.js';
import { STORAGES } from '../support/storage.js';

/** Histories for each storage: a database takes far longer to open than a history to be played. */
const RUNS: Record<string, number> = { memory: 150, SQLite: 20 };

describe.each(STORAGES.filter(({ name }) => name in RUNS))('the queue in $name', ({ name, open }) => {
  it('does what a simple model of it does, whatever happens to it, and nothing is lost, doubled, early or stuck', async () => {
    await fc.assert(
      fc.asyncProperty(queueCommands, async (commands) => {
        await using storage = await open();
        await using opened = openApplication({ storage, tasks: { maxPending: 1_000 } });
        const model = new QueueModel(opened.time.clock());
        const real: RealQueue = { opened, ids: [], owner: 1 };
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await expectDrained(model, real);
        const ends = new Map<string, number>();
        for (const { type, taskId = '' } of await opened.eventLog.after(0, 10_000)) {
          if (type === 'task.completed') ends.set(taskId, (ends.get(taskId) ?? 0) + 1);
        }
        expect([...ends.values()].filter((count) => count !== 1)).toEqual([]);
      }),
      { numRuns: RUNS[name] ?? 1 },
    );
  }, 120_000);
});
