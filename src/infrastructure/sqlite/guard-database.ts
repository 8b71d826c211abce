import { renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Logger } from '../../application/ports/logger.js';
import { messageOf } from '../../domain/shared/thrown.js';
import { BadDatabaseError } from './bad-database-error.js';
import { findFaults, isDamage } from './check-database.js';
import { readMark } from './commit-mark.js';
import { readHeader } from './database-header.js';
import { EVENT_STATEMENTS } from './event-rows.js';
import type { MarkRecord } from './mark-record.js';
import { newestBackup } from './newest-backup.js';
import { copyAside, filesOf, makeAside } from './put-aside.js';

export interface GuardOptions {
  /** The mark beside the database; see commit-mark.ts. */
  readonly markFile: string;
  /** The present boot of the machine, or null where nothing says it. */
  readonly bootId: string | null;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Looks at the database before anybody writes to it, and so before SQLite can drop a log that it cannot read to its end.
 * Throws a BadDatabaseError for damage, with the files as they were, and copied aside.
 */
export function guardDatabase(file: string, backups: string, guard: GuardOptions): void {
  const mark = readMark(guard.markFile);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    startAfresh(file, mark, guard);
    return;
  }
  if (!found.isFile()) return;
  const damage = found.size === 0 ? ofEmpty(mark) : inspect(file, found.size, mark, guard);
  if (damage !== undefined) throw refuse(file, backups, damage);
}

/** Somebody has moved the database away. What it left beside it would be deleted by SQLite with the first write. */
function startAfresh(file: string, mark: MarkRecord | undefined, { markFile, logger }: GuardOptions): void {
  const left = filesOf(file);
  if (left.length === 0 && (mark?.position ?? 0) === 0) return;
  const aside = left.length === 0 ? null : makeAside(file, 'left');
  for (const each of left) renameSync(each, join(aside ?? '', basename(each)));
  rmSync(markFile, { force: true });
  logger.warn('the database is gone; a new one is made', { file, events: mark?.position ?? 0, aside });
}

function ofEmpty(mark: MarkRecord | undefined): string | undefined {
  return (mark?.position ?? 0) > 0 ? 'is empty' : undefined;
}

/** What is wrong, to stand behind the name of the file. What is no damage is for the writer to say. */
function inspect(file: string, size: number, mark: MarkRecord | undefined, guard: GuardOptions): string | undefined {
  const header = readHeader(file);
  if (header === undefined) return 'is not a database';
  let database: Database.Database | undefined;
  try {
    // Read only: the last connection that closes would write the log back, and remove it.
    database = new Database(file, { readonly: true, fileMustExist: true });
    // Without its write-ahead log a young database has not even tables.
    if (countOf(database) === 0) return lossOf(0, mark, guard);
    if (!header.isOurs && countOf(database, 'event') === 0) return undefined;
    const isShort = size < header.bytes;
    const [fault] = isShort ? findFaults(database) : [];
    if (fault !== undefined) return `is damaged (${fault})`;
    const position = database.prepare<[], number>(EVENT_STATEMENTS.last).pluck().get() ?? 0;
    return lossOf(position, mark, guard);
  } catch (error) {
    if (isDamage(error)) return `is damaged (${messageOf(error)})`;
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  } finally {
    database?.close();
  }
}

/** How many tables and indexes there are, of this name or of any. */
function countOf(database: Database.Database, name = '*'): number {
  return (
    database.prepare<[string], number>('SELECT count(*) FROM sqlite_schema WHERE name GLOB ?').pluck().get(name) ?? 0
  );
}

function lossOf(position: number, mark: MarkRecord | undefined, guard: GuardOptions): string | undefined {
  if (mark === undefined || position >= mark.position) return undefined;
  const isSameBoot = guard.bootId !== null && guard.bootId === mark.bootId;
  if (mark.durability === 'normal' && !isSameBoot) {
    guard.logger.warn('the machine went down, and took along what durability "normal" had not brought to the disk', {
      lastEvent: position,
      committed: mark.position,
    });
    return undefined;
  }
  return `has lost what was committed (its last event is ${position} of ${mark.position})`;
}

function refuse(file: string, backups: string, damage: string): BadDatabaseError {
  const backup = newestBackup(backups);
  try {
    const aside = copyAside(file);
    const out =
      backup === undefined
        ? `there is no backup, so use what is left of it with "cw restore ${join(aside, basename(file))}", or move the file away to start afresh`
        : `go back to the newest backup with "cw restore ${backup}"`;
    return new BadDatabaseError(`${file} ${damage}; its files were copied to ${aside}, and ${out}.`);
  } catch (error) {
    // Nothing has been changed, so nothing is lost without the copy.
    return new BadDatabaseError(
      `${file} ${damage}; its files are untouched, but cannot be copied aside (${messageOf(error)}): make room, and start again.`,
      { cause: error },
    );
  }
}
