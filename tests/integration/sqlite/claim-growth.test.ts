import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Stores } from '../../../src/application/ports/transaction.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { NONE_PASSED_OVER } from '../../../src/domain/task/task-repository.js';
import { openSqliteStorage, type SqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { FULL_PLACE, fillQueue, type Lying } from '../../support/fill-queue.js';
import { storageOptions, temporaryDirectory } from '../../support/storage.js';

const FEW: Lying = { waiting: 100, shutOut: 100, delayed: 100, finished: 100, ready: 100 };
const MANY: Lying = { waiting: 50_000, shutOut: 50_000, delayed: 20_000, finished: 20_000, ready: 100 };
/** Of each measurement; the middle one counts, and the two sides take turns, so that a busy machine slows both. */
const SAMPLES = 201;
/** A claim that looks at every row that waits takes some hundred times as long. */
const FACTOR = 4;

/** Every question that a claim asks, or the timer before it. */
const QUESTIONS: Record<string, (stores: Stores) => Promise<unknown>> = {
  'what is next': ({ tasks }) => tasks.ready(8, NONE_PASSED_OVER),
  'what is next beside a full workspace': ({ tasks }) =>
    tasks.ready(8, { ...NONE_PASSED_OVER, workspaces: [encodeId('workspace', FULL_PLACE.key)] }),
  'when the next one is due': ({ tasks }) => tasks.nextDue(),
  'what is due': ({ tasks }) => tasks.due(Date.now(), 8),
  'when a deadline passes': ({ tasks }) => tasks.nextDeadline(),
};

/** SQLite tells of the rows that a statement visits only when it is built for that, so time is measured. */
test('a claim takes no longer because more tasks wait, are shut out, delayed or finished', async () => {
  await using directory = await temporaryDirectory();
  await using few = await openFilled(join(directory.path, 'few'), FEW);
  await using many = await openFilled(join(directory.path, 'many'), MANY);
  for (const [question, ask] of Object.entries(QUESTIONS)) {
    const times: [number[], number[]] = [[], []];
    for (let n = 0; n < SAMPLES; n += 1) {
      times[0].push(await timed(few, ask));
      times[1].push(await timed(many, ask));
    }
    const [small, large] = times.map(middle);
    expect(large, `${question}, in ms`).toBeLessThan(FACTOR * (small ?? 0));
  }
}, 60_000);

async function openFilled(directory: string, lying: Lying): Promise<SqliteStorage> {
  await mkdir(directory);
  const options = storageOptions(directory);
  await (await openSqliteStorage(options)).close();
  fillQueue(options.file, lying);
  return openSqliteStorage(options);
}

function timed({ transaction }: SqliteStorage, ask: (stores: Stores) => Promise<unknown>): Promise<number> {
  return transaction(async (stores) => {
    const at = performance.now();
    await ask(stores);
    return performance.now() - at;
  });
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
