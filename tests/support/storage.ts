import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Read, Transaction } from '../../src/application/ports/transaction.js';
import type { EventLog } from '../../src/domain/event/event-log.js';
import { openMemoryStorage } from '../../src/infrastructure/memory/memory-storage.js';
import {
  openSqliteStorage,
  type SqliteStorage,
  type SqliteStorageOptions,
} from '../../src/infrastructure/sqlite/sqlite-storage.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A storage as its ports show it. */
export interface OpenedStorage extends AsyncDisposable {
  readonly transaction: Transaction;
  readonly read: Read;
  readonly eventLog: EventLog;
  close(): Promise<void>;
}

/** Every implementation that must keep the storage contract; the small ring sends most reads of the log to SQL. */
export const STORAGES: readonly { readonly name: string; readonly open: () => Promise<OpenedStorage> }[] = [
  { name: 'memory', open: async () => openMemoryStorage() },
  { name: 'SQLite', open: () => openTemporaryStorage() },
  { name: 'SQLite with a ring of 2 events', open: () => openTemporaryStorage({ ringSize: 2 }) },
];

/** A directory that is gone with its scope. */
export async function temporaryDirectory(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'cw-storage-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What opens the database of this directory as the server does. */
export function storageOptions(directory: string): SqliteStorageOptions {
  return {
    file: join(directory, 'cw.db'),
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: MIGRATIONS,
    durability: 'normal',
  };
}

/** SQLite storage on a real file in a directory that is gone with it. */
export async function openTemporaryStorage(options: Partial<SqliteStorageOptions> = {}): Promise<SqliteStorage> {
  const directory = await temporaryDirectory();
  const storage = await openSqliteStorage({ ...storageOptions(directory.path), ...options });
  return {
    ...storage,
    [Symbol.asyncDispose]: async () => {
      await storage.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
