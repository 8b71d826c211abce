import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { BadDatabaseError } from '../../../src/infrastructure/sqlite/bad-database-error.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { storageOptions, temporaryDirectory } from '../../support/storage.js';
import { addWorkspaces, insertAll, pendingTask } from '../../support/storage-samples.js';

async function fill(options: Parameters<typeof openSqliteStorage>[0]): Promise<void> {
  await using storage = await openSqliteStorage(options);
  await addWorkspaces(storage);
  await insertAll(
    storage,
    Array.from({ length: 200 }, (_, n) => pendingTask(n + 1)),
  );
}

describe('a file that cannot be the database', () => {
  it.each([
    ['text', 'This is no database.\n'.repeat(1_000)],
    ['a few bytes', 'SQL'],
  ])('is refused when it holds %s, and left as it is', async (_, content) => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await writeFile(options.file, content);
    const opening = openSqliteStorage(options);
    await expect(opening).rejects.toThrow(BadDatabaseError);
    await expect(opening).rejects.toThrow(
      `${options.file} is not a database; restore a backup with "cw restore", or move the file away to start afresh.`,
    );
    expect(await readFile(options.file, 'utf8')).toBe(content);
  });

  it('is refused when its end is cut off', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await fill(options);
    await truncate(options.file, Math.floor((await stat(options.file)).size / 2));
    const opening = openSqliteStorage(options);
    await expect(opening).rejects.toThrow(BadDatabaseError);
    await expect(opening).rejects.toThrow(`${options.file} is damaged (SQLITE_CORRUPT`);
  });

  it('is refused when its schema is overwritten', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await fill(options);
    const bytes = await readFile(options.file);
    bytes.fill(0xff, 100, 4_096);
    await writeFile(options.file, bytes);
    await expect(openSqliteStorage(options)).rejects.toThrow(BadDatabaseError);
  });

  it('is refused when it is the database of another program', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    const other = new Database(options.file);
    other.exec('CREATE TABLE bookmark (url TEXT)');
    other.close();
    await expect(openSqliteStorage(options)).rejects.toThrow(`${options.file} is a database of another program;`);
  });

  it('is refused when it is a directory', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await mkdir(options.file);
    await expect(openSqliteStorage(options)).rejects.toThrow(`${options.file} cannot be opened: EISDIR`);
  });
});

describe('a file that is damaged in the middle', () => {
  it('is reported as such by what touches the damage, and still answers the rest', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await fill(options);
    const pages = pagesOf(options.file, 'task');
    const bytes = await readFile(options.file);
    for (const page of pages) bytes.fill(0xff, (page - 1) * 4_096, page * 4_096);
    await writeFile(options.file, bytes);
    await using storage = await openSqliteStorage(options);
    await expect(storage.read(({ tasks }) => tasks.list({ limit: 100 }))).rejects.toMatchObject({
      code: 'unavailable',
      message: `${options.file} is damaged (SQLITE_CORRUPT). Stop the server and restore a backup with "cw restore".`,
    });
    expect(await storage.read(({ workspaces }) => workspaces.list({ limit: 5 }))).toHaveLength(2);
  });
});

function pagesOf(file: string, table: string): number[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare<[string], number>('SELECT pageno FROM dbstat WHERE name = ?').pluck().all(table);
  } finally {
    database.close();
  }
}
