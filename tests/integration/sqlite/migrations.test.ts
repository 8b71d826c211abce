import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { BadDatabaseError } from '../../../src/infrastructure/sqlite/bad-database-error.js';
import { MAX_UPGRADE_BACKUPS } from '../../../src/infrastructure/sqlite/migrator.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { MIGRATIONS, storageOptions, temporaryDirectory } from '../../support/storage.js';
import { addWorkspaces, insertAll, pendingTask, taskId } from '../../support/storage-samples.js';

const ADD_NOTE = 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;\n';

/** A directory with migrations of its own, which a test changes as a later version of the program would. */
async function ownMigrations(directory: string) {
  const migrationsDirectory = join(directory, 'migrations');
  await mkdir(migrationsDirectory);
  await cp(MIGRATIONS, migrationsDirectory, { recursive: true });
  const next = (await readdir(migrationsDirectory)).length + 1;
  const name = (n: number, what: string) => `${String(next + n).padStart(4, '0')}-${what}`;
  return {
    options: { ...storageOptions(directory), migrationsDirectory },
    first: join(migrationsDirectory, '0001-init.sql'),
    /** Adds the nth migration after those of this version, and says its name. */
    add: async (n: number, what: string, sql: string) => {
      await writeFile(join(migrationsDirectory, `${name(n, what)}.sql`), sql);
      return name(n, what);
    },
  };
}

async function fill(options: Parameters<typeof openSqliteStorage>[0]): Promise<void> {
  await using storage = await openSqliteStorage(options);
  await addWorkspaces(storage);
  await insertAll(storage, [pendingTask(1)]);
}

const tablesOf = (file: string): string[] => {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare<[], string>('SELECT name FROM sqlite_schema ORDER BY name').pluck().all();
  } finally {
    database.close();
  }
};

describe('migrations', () => {
  it('make a new database, without a backup, that only its owner can read', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await fill(options);
    expect(await readdir(directory.path)).toEqual(['cw.db']);
    if (process.platform !== 'win32') expect((await stat(options.file)).mode & 0o777).toBe(0o600);
    await using again = await openSqliteStorage(options);
    expect(await again.read(({ tasks }) => tasks.get(taskId(1)))).toEqual(pendingTask(1));
    for (const file of await readdir(directory.path)) {
      if (process.platform !== 'win32') expect((await stat(join(directory.path, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('upgrade an older database after a backup', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await fill(options);
    const before = await add(0, 'add-note', ADD_NOTE);
    await add(1, 'fill-note', "INSERT INTO note (text) VALUES ('hello');\n");
    await using upgraded = await openSqliteStorage(options);
    expect(await upgraded.read(({ tasks }) => tasks.get(taskId(1)))).toEqual(pendingTask(1));
    expect(tablesOf(options.file)).toContain('note');
    const backups = await readdir(options.backupsDirectory);
    expect(backups).toEqual([expect.stringMatching(new RegExp(`^before-${before}-\\d+\\.db$`))]);
    const backup = join(options.backupsDirectory, backups[0] ?? '');
    if (process.platform !== 'win32') expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect(tablesOf(backup)).not.toContain('note');
    await using old = await openSqliteStorage({ ...options, file: backup, migrationsDirectory: MIGRATIONS });
    expect(await old.read(({ tasks }) => tasks.get(taskId(1)))).toEqual(pendingTask(1));
  });

  it('keep a bounded number of backups, the newest ones, and touch no others', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await fill(options);
    await mkdir(options.backupsDirectory);
    for (let n = 1; n <= MAX_UPGRADE_BACKUPS + 2; n += 1) {
      await writeFile(join(options.backupsDirectory, `before-0002-older-${String(n)}.db`), '');
    }
    await writeFile(join(options.backupsDirectory, 'mine.db'), '');
    await add(0, 'add-note', ADD_NOTE);
    await (await openSqliteStorage(options)).close();
    const left = await readdir(options.backupsDirectory);
    expect(left).toContain('mine.db');
    expect(left).toHaveLength(MAX_UPGRADE_BACKUPS + 1);
    expect(left).not.toContain('before-0002-older-3.db');
    expect(left).toContain(`before-0002-older-${String(MAX_UPGRADE_BACKUPS + 2)}.db`);
  });

  it('change nothing when one of them fails, and say which', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await fill(options);
    await add(0, 'add-note', ADD_NOTE);
    const broken = await add(1, 'broken', 'UPDATE task SET priority = 5; INSERT INTO nowhere VALUES (1);');
    const failing = openSqliteStorage(options);
    await expect(failing).rejects.toThrow(BadDatabaseError);
    await expect(failing).rejects.toThrow(`migration ${broken} failed (no such table: nowhere)`);
    expect(tablesOf(options.file)).not.toContain('note');
    await using storage = await openSqliteStorage({ ...options, migrationsDirectory: MIGRATIONS });
    expect(await storage.read(({ tasks }) => tasks.get(taskId(1)))).toEqual(pendingTask(1));
  });

  it('change nothing when a reference would lead nowhere', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await fill(options);
    await add(0, 'lose-workspaces', 'DELETE FROM workspace;');
    await expect(openSqliteStorage(options)).rejects.toThrow(/cw\.db was not upgraded: \d+ references? lead/);
    await using storage = await openSqliteStorage({ ...options, migrationsDirectory: MIGRATIONS });
    expect(await storage.read(({ workspaces }) => workspaces.list({ limit: 5 }))).toHaveLength(2);
  });

  it('refuse one that would end their transaction', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await add(0, 'commits', `${ADD_NOTE} COMMIT;`);
    await expect(openSqliteStorage(options)).rejects.toThrow('it ends the transaction');
  });

  it('refuse a database that a newer version has written', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    const newer = await add(0, 'add-note', ADD_NOTE);
    await fill(options);
    const opening = openSqliteStorage({ ...options, migrationsDirectory: MIGRATIONS });
    await expect(opening).rejects.toThrow(BadDatabaseError);
    await expect(opening).rejects.toThrow(
      `${options.file} was written by a newer version of Codewalkers (migration ${newer}); install that version, or restore an older backup.`,
    );
  });

  it('refuse a database whose migration has been edited since', async () => {
    await using directory = await temporaryDirectory();
    const { options, first } = await ownMigrations(directory.path);
    await fill(options);
    const sql = await readFile(first, 'utf8');
    await writeFile(first, sql.replaceAll('\n', '\r\n'));
    await (await openSqliteStorage(options)).close();
    await writeFile(first, `${sql}-- edited\n`);
    const opening = openSqliteStorage(options);
    await expect(opening).rejects.toThrow(BadDatabaseError);
    await expect(opening).rejects.toThrow('migration 0001-init has been changed since it was applied');
  });

  it('must be numbered without a gap', async () => {
    await using directory = await temporaryDirectory();
    const { options, add } = await ownMigrations(directory.path);
    await add(1, 'after-a-gap', ADD_NOTE);
    await expect(openSqliteStorage(options)).rejects.toThrow(/should be migration \d+\.$/);
  });
});
