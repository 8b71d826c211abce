import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openReader, openWriter } from '../../../src/infrastructure/sqlite/open-database.js';
import { createSqliteStorage, openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { storageOptions, temporaryDirectory } from '../../support/storage.js';
import { addWorkspaces, fact, insertAll, pendingTask, taskId } from '../../support/storage-samples.js';
import type { WriterAnswer } from '../../support/storage-writer.js';

const WRITER = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../support/storage-writer.ts', import.meta.url)),
];

const read = (line: string) => JSON.parse(line) as WriterAnswer;

describe('what was acknowledged', () => {
  it('is there after a kill -9, with its events, its counts and nothing half', async () => {
    await using directory = await temporaryDirectory();
    const child = spawn(process.execPath, [...WRITER, directory.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const acknowledged: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const answer = read(line);
      if ('acknowledged' in answer) acknowledged.push(answer.acknowledged);
      if (acknowledged.length === 500) child.kill('SIGKILL');
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(500);

    await using storage = await openSqliteStorage(storageOptions(directory.path));
    for (const n of acknowledged) {
      expect((await storage.read(({ tasks }) => tasks.get(taskId(n)))).prompt).toHaveLength(3_000);
    }
    const { pending } = await storage.read(({ tasks }) => tasks.counts());
    const { end } = await storage.eventLog.bounds();
    expect(end).toBe(pending);
    expect(countRows(storageOptions(directory.path).file)).toBe(pending);
    expect(storage.lastKey()).toBeGreaterThanOrEqual(Math.max(...acknowledged));
  });
});

describe('a full disk', () => {
  it('refuses what does not fit, with all of its group, keeps what was acknowledged, and lets others read', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await (await openSqliteStorage(options)).close();
    const writer = openWriter(options.file, 'normal');
    await using storage = createSqliteStorage(writer, openReader(options.file), 100);
    await addWorkspaces(storage);
    const bell = storage.eventLog.nextCommit(new AbortController().signal);
    const insert = (n: number) =>
      storage.transaction(async ({ tasks, events }) => {
        await events.append([fact(n)]);
        await tasks.insert(pendingTask(n, { prompt: 'x'.repeat(20_000) }));
        return n;
      });
    await insert(1);
    await bell;
    writer.pragma(`max_page_count = ${String(Number(writer.pragma('page_count', { simple: true })) + 20)}`);

    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => insert(n + 2)));
    const [first] = outcomes;
    expect(first).toMatchObject({
      reason: {
        code: 'unavailable',
        message: `Nothing was written: no space is left for ${options.file}. Free some space and try again.`,
      },
    });
    // What was left over when a group had failed made a group of its own, and the last of them may have fitted.
    const fitted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(fitted.length).toBeLessThan(5);
    const there = [1, ...fitted];
    const listed = await storage.read(({ tasks }) => tasks.list({ limit: 100 }));
    expect(listed.map(({ id }) => id).reverse()).toEqual(there.map(taskId));
    expect(await storage.read(({ tasks }) => tasks.get(taskId(1)))).toMatchObject({ status: 'pending' });
    expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: there.length });
    expect(await storage.transaction(({ tasks }) => tasks.counts())).toMatchObject({ pending: there.length });

    writer.pragma('max_page_count = 1000000');
    expect(await Promise.all([insert(41), insert(42)])).toEqual([41, 42]);
    there.push(41, 42);
    expect(await storage.read(({ tasks }) => tasks.counts())).toMatchObject({ pending: there.length });
    expect(countRows(options.file)).toBe(there.length);
    const positions = (await storage.eventLog.after(0, 100)).map(({ position, taskId: id }) => [position, id]);
    expect(positions).toEqual(there.map((n, index) => [index + 1, taskId(n)]));
  });

  it('refuses a caller that swallows the first failure and goes on writing', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await (await openSqliteStorage(options)).close();
    const writer = openWriter(options.file, 'normal');
    await using storage = createSqliteStorage(writer, openReader(options.file), 100);
    await addWorkspaces(storage);
    writer.pragma(`max_page_count = ${String(writer.pragma('page_count', { simple: true }))}`);
    const stubborn = storage.transaction(async ({ tasks, queue }) => {
      await tasks.insert(pendingTask(1, { prompt: 'x'.repeat(100_000) })).catch(() => undefined);
      await queue.save({ paused: true });
    });
    await expect(stubborn).rejects.toMatchObject({ code: 'unavailable' });
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
    writer.pragma('max_page_count = 1000000');
    await insertAll(storage, [pendingTask(1)]);
  });

  // Windows has no limit on the size of a file that a process could set for itself.
  it.runIf(process.platform !== 'win32')('is survived when the operating system refuses the write', async () => {
    await using directory = await temporaryDirectory();
    const command = ['ulimit -f 3000', `exec "$0" "$@"`].join('; ');
    const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, ...WRITER, directory.path]);
    const answers = stdout.trim().split('\n').map(read);
    const acknowledged = answers.flatMap((answer) => ('acknowledged' in answer ? [answer.acknowledged] : []));
    const refused = answers.filter((answer) => 'refused' in answer);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const { code, message } of refused) {
      expect(code).toBe('unavailable');
      expect(message).toMatch(/^Nothing was written: (the disk that holds .*cw\.db failed|no space is left for)/);
    }
    expect(answers.at(-1)).toEqual({ readable: acknowledged.length });
    await using storage = await openSqliteStorage(storageOptions(directory.path));
    for (const n of acknowledged) await storage.read(({ tasks }) => tasks.get(taskId(n)));
    expect((await storage.read(({ tasks }) => tasks.counts())).pending).toBe(acknowledged.length);
  });
});

/** Counts the tasks themselves, and has SQLite check every page. */
function countRows(file: string): number {
  const database = new Database(file, { readonly: true });
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    return database.prepare<[], number>('SELECT count(*) FROM task').pluck().get() ?? 0;
  } finally {
    database.close();
  }
}
