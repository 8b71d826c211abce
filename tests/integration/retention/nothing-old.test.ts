import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Workers } from '../../../src/application/ports/workers.js';
import { createExpired } from '../../../src/composition/expired.js';
import type { WorkerJobs } from '../../../src/composition/worker-jobs.js';
import { openTemporaryStorage, temporaryDirectory } from '../../support/storage.js';
import { addSessions, addWorkspaces, insertAll, NOW, pendingTask, toolUse } from '../../support/storage-samples.js';

it('no worker is started where nothing is old enough, however much there is', async () => {
  await using directory = await temporaryDirectory();
  await using storage = await openTemporaryStorage();
  const jobs: string[] = [];
  const workers = {
    run: (job: string) => {
      jobs.push(job);
      return Promise.resolve([]);
    },
  } as unknown as Workers<WorkerJobs>;
  const runs = join(directory.path, 'runs');
  await mkdir(runs);
  const paths = { database: 'none', runs };
  const expired = createExpired({ workers, paths, oldest: storage.oldest, clock: () => NOW * 2 });
  const { signal } = new AbortController();
  const look = async (before: number) => {
    await expired.tasks(before, 10, signal);
    await expired.agents(before, 10, signal);
    await expired.toolUseTexts(before, 10, signal);
    await expired.runs({ now: before, before, maxBytes: 0 }, 10, signal);
    return jobs.splice(0);
  };
  expect(await look(NOW * 2)).toEqual([]);

  await addWorkspaces(storage);
  await addSessions(storage);
  await insertAll(storage, [pendingTask(1), pendingTask(2)]);
  await storage.transaction(({ toolUses }) => toolUses.insert(toolUse(1)));
  expect(await look(NOW)).toEqual([]);
  await mkdir(join(runs, 'one'));
  expect(await look(NOW + 2)).toEqual(['findExpiredTasks', 'findExpiredTexts', 'findExpiredRuns']);
});
