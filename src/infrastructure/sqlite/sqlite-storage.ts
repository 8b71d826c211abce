import type { Database } from 'better-sqlite3';
import type { NoteWork } from '../../application/ports/event-loop.js';
import type { Read, Transaction } from '../../application/ports/transaction.js';
import type { EventLog } from '../../domain/event/event-log.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { CommitMark } from './commit-mark.js';
import { GroupCommit } from './group-commit.js';
import { type GuardOptions, guardDatabase } from './guard-database.js';
import { migrate } from './migrator.js';
import { type OldestRows, readOldestRows } from './oldest-rows.js';
import { type Durability, openReader, openWriter } from './open-database.js';
import type { OpenTransaction } from './open-transaction.js';
import { SqliteEventLog } from './sqlite-event-log.js';
import { createReadStores } from './sqlite-read-stores.js';
import { SqliteStores, WriterStatements } from './sqlite-stores.js';
import { storageFailure } from './storage-failure.js';

/** Events that are kept in memory for those who follow live; at some 300 bytes each, a megabyte. */
const RING_SIZE = 4_096;

export interface SqliteStorageOptions {
  readonly file: string;
  /** Where the copy goes that is taken before an upgrade. */
  readonly backupsDirectory: string;
  readonly migrationsDirectory: string;
  readonly durability: Durability;
  readonly ringSize?: number;
  /** How losses are found that SQLite does not tell of; nothing looks for them without it. */
  readonly guard?: GuardOptions;
  /** Is told of every commit, before it. */
  readonly noteWork?: NoteWork;
}

/** Everything that is stored in one SQLite file. */
export interface SqliteStorage extends AsyncDisposable {
  readonly transaction: Transaction;
  readonly read: Read;
  readonly eventLog: EventLog;
  /** Has somebody else write to the file: transactions wait meanwhile, reads go on. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** The greatest key in use, after which new ids are given; 0 in an empty database. */
  lastKey(): number;
  /** Since when there is something of each kind. */
  readonly oldest: () => OldestRows;
  /** Finishes what was asked for, ends those who follow the log, and closes the file. Idempotent. */
  close(): Promise<void>;
}

/** Opens the database, creating or upgrading it. Throws BadDatabaseError for a file that cannot be used as it is. */
export async function openSqliteStorage(options: SqliteStorageOptions): Promise<SqliteStorage> {
  const { file, durability, ringSize = RING_SIZE, noteWork, guard } = options;
  if (guard !== undefined) guardDatabase(file, options.backupsDirectory, guard);
  const writer = openWriter(file, durability);
  try {
    await migrate(writer, options);
    return createSqliteStorage(writer, openReader(file), ringSize, {
      noteWork,
      openMark:
        guard && ((lastPosition) => new CommitMark({ ...guard, file: guard.markFile, durability, lastPosition })),
    });
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** Who looks on at commits. */
interface StorageWatchers {
  readonly noteWork?: NoteWork | undefined;
  /** Opens the mark beside the database; it is told of the last committed position by the function. */
  readonly openMark?: ((lastPosition: () => number) => CommitMark) | undefined;
}

/** Puts the storage together on two connections to a migrated database, which it closes at its end. */
export function createSqliteStorage(
  writer: Database,
  reader: Database,
  ringSize: number,
  { noteWork, openMark }: StorageWatchers = {},
): SqliteStorage {
  const statements = new WriterStatements(writer);
  const log = new SqliteEventLog(writer, reader, ringSize);
  const storesFor = (transaction: OpenTransaction) => new SqliteStores(transaction, statements, log);
  const mark = openMark?.(() => log.lastPosition());
  const companions = [statements.tasks.counts, log, ...(mark === undefined ? [] : [mark])];
  const group = new GroupCommit(writer, storesFor, companions, noteWork);
  const readStores = createReadStores(reader);
  let closed: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    await group.close();
    log.close(stopping());
    reader.close();
    writer.close();
    mark?.close();
  }

  const storage: SqliteStorage = {
    transaction: (work) => group.transaction(work),
    read: async (work) => {
      try {
        return await work(readStores);
      } catch (error) {
        throw reader.open ? storageFailure(error, writer.name) : stopping();
      }
    },
    eventLog: log,
    exclusively: async (work) => {
      try {
        return await group.exclusively(work);
      } finally {
        statements.documents.forgetWords();
      }
    },
    lastKey: () => readLastKey(reader),
    oldest: () => readOldestRows(reader),
    close: () => (closed ??= closeAll()),
    [Symbol.asyncDispose]: () => storage.close(),
  };
  return storage;
}

function stopping(): DomainError {
  return new DomainError('unavailable', 'The server is stopping.');
}

function readLastKey(database: Database): number {
  const greatest = ['task', 'session', 'prompt', 'agent', 'observation', 'workspace', 'permission', 'schedule'].map(
    (table) => database.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck().get(),
  );
  return Math.max(0, ...greatest.map((key) => key ?? 0));
}
