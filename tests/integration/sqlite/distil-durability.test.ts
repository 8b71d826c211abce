import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { KeptObservation } from '../../../src/domain/observation/observation.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { openDistilQueue } from '../../support/distil-queue.js';
import { type OpenedStorage, storageOptions, temporaryDirectory } from '../../support/storage.js';
import { addSessions, addWorkspaces, SESSION } from '../../support/storage-samples.js';

const WRITER = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../support/distil-writer.ts', import.meta.url)),
];
const ROUNDS = 4;

it('a kill -9 while tool uses are distilled and summarized makes nothing twice and loses none', async () => {
  await using directory = await temporaryDirectory();
  {
    await using storage = await openSqliteStorage(storageOptions(directory.path));
    await addWorkspaces(storage);
    await addSessions(storage);
  }
  let last = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    // Odd numbers of answers, so that the kill falls into another step of the work each time.
    const enough = 17 * round;
    const child = spawn(process.execPath, [...WRITER, directory.path, String(last + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let answers = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      last = Number(line);
      answers += 1;
      if (answers === enough) child.kill('SIGKILL');
    }
    expect(answers).toBeGreaterThanOrEqual(enough);
    // What was written and not answered any more may be there as well.
    last += 3;
  }

  await using storage = await openSqliteStorage(storageOptions(directory.path));
  await using opened = await openDistilQueue(storage);
  await opened.queue.catchUp(opened.scope.signal);
  await opened.summaries.catchUp(opened.scope.signal);
  const all = await allObservations(storage);
  const summaries = all.filter(({ type }) => type === 'summary');
  expect(summaries).toHaveLength(1);
  expect(summaries[0]?.narrative).toContain(all.findLast(({ type }) => type !== 'summary')?.title);
  expect(await storage.read(({ dueSummaries }) => dueSummaries.list(null, 10))).toEqual([]);
  const ids = all.flatMap(({ toolUses }) => toolUses);
  expect(new Set(ids).size).toBe(ids.length);
  const { observations, waiting } = await storage.read(({ memory }) => memory.counts());
  expect(waiting).toBe(0);
  expect(observations).toBe(ids.length + 1);
  const captured = await storage.read(({ toolUses }) =>
    toolUses.getMany(
      SESSION,
      Array.from({ length: last + 3 }, (_, n) => `toolu_${String(n)}`),
    ),
  );
  expect(captured.map(({ toolUseId }) => toolUseId)).toEqual(ids);
}, 60_000);

/** All of the session, in the order in which they were made. */
async function allObservations({ read }: OpenedStorage): Promise<KeptObservation[]> {
  const all: KeptObservation[] = [];
  for (;;) {
    const before = all.at(-1)?.id;
    const page = await read(({ observations }) => observations.list({ sessionId: SESSION, before, limit: 100 }));
    if (page.length === 0) return all.reverse();
    all.push(...page);
  }
}
