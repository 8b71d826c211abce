import { expect, it } from 'vitest';
import { followLog } from '../../../src/application/event/follow-log.js';
import type { Expired } from '../../../src/application/ports/expired.js';
import type { Transaction } from '../../../src/application/ports/transaction.js';
import { createPruneExpired } from '../../../src/application/retention/prune-expired.js';
import { findExpiredTasks } from '../../../src/infrastructure/sqlite/find-expired.js';
import { openSqliteStorage, type SqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { stopwatch } from '../../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { NOTHING_EXPIRED } from '../../support/application.js';
import { countRows, faultsOf, fillExpired } from '../../support/retention.js';
import { openTemporaryStorage, STORAGES, storageOptions, temporaryDirectory } from '../../support/storage.js';
import { appendFacts, NOW } from '../../support/storage-samples.js';

/** Prunes this storage; `onStep` is told of each transaction. */
function openPruning(storage: SqliteStorage, database: string, onStep: () => void = () => {}) {
  const transaction: Transaction = async (work) => {
    const answer = await storage.transaction(work);
    onStep();
    return answer;
  };
  const expired: Expired = {
    ...NOTHING_EXPIRED,
    tasks: (before, limit) => Promise.resolve(findExpiredTasks({ database, before, limit })),
  };
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const retention = { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 'forever' } as const;
  const { read } = storage;
  return createPruneExpired({ read, transaction, clock: Date.now, timer, stopwatch, logger, retention, expired });
}

it('a stop ends a pruning between two steps, and the next one goes on where it was', async () => {
  await using directory = await temporaryDirectory();
  const options = storageOptions(directory.path);
  await (await openSqliteStorage(options)).close();
  fillExpired(options.file, { events: 8_000, tasks: 50, toolUses: 0 });
  await using storage = await openSqliteStorage(options);
  const stop = new AbortController();
  let steps = 0;
  const pruning = openPruning(storage, options.file, () => {
    steps += 1;
    if (steps === 3) stop.abort(new Error('The test stops.'));
  });
  await expect(pruning({ dryRun: false }, stop.signal)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The server is stopping; what is left is pruned after its next start.',
  });
  expect(countRows(options.file)).toMatchObject({ event: 7_260, task: 60 });

  const again = await openPruning(storage, options.file)({ dryRun: false }, new AbortController().signal);
  expect(again).toMatchObject({ events: { rows: 7_250 }, tasks: { rows: 50 } });
  expect(faultsOf(options.file)).toEqual([]);
});

it('two prunings at once are one after the other: no row counts twice', async () => {
  await using directory = await temporaryDirectory();
  const options = storageOptions(directory.path);
  await (await openSqliteStorage(options)).close();
  fillExpired(options.file, { events: 3_000, tasks: 50, toolUses: 0 });
  await using storage = await openSqliteStorage(options);
  const pruning = openPruning(storage, options.file);
  const { signal } = new AbortController();
  const both = await Promise.all([pruning({ dryRun: false }, signal), pruning({ dryRun: false }, signal)]);
  expect(both.map(({ events, tasks }) => [events.rows, tasks.rows])).toEqual([
    [3_000, 50],
    [0, 0],
  ]);
});

it('values that are "forever" remove nothing', async () => {
  await using storage = await openTemporaryStorage();
  await appendFacts(storage, 1, 2);
  const { read, transaction } = storage;
  const forever = 'forever';
  const pruning = createPruneExpired({
    ...{ read, transaction, clock: () => NOW * 2, timer, stopwatch, expired: NOTHING_EXPIRED },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    retention: { eventsDays: forever, finishedTasksDays: forever, toolUseTextDays: forever, runOutputMb: forever },
  });
  expect(await pruning({ dryRun: false }, new AbortController().signal)).toMatchObject({ events: { rows: 0 } });
  expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: 2 });
});

it.each(STORAGES)('a follower in $name that is too slow is reset when what it had not read is pruned', async (kind) => {
  await using storage = await kind.open();
  const { eventLog, transaction } = storage;
  const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
  await appendFacts(storage, ...numbers);
  const stop = new AbortController();
  const following = followLog({ eventLog, clock: () => NOW }, 0, stop.signal);
  expect((await following.next()).value).toMatchObject({ position: 1 });
  await transaction(({ events }) => events.prune(NOW + 291, NOW + 1_000, 1_000));
  const seen = [1];
  for await (const { type, position } of following) {
    if (type === 'reset') seen.push(-position);
    else if (position > 290 || position <= 256) seen.push(position);
    if (position === 300) break;
  }
  // What was read in one go with the first is there still.
  expect(seen).toEqual([...numbers.slice(0, 256), -290, ...numbers.slice(290)]);
});
