import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Clock } from '../../application/ports/clock.js';
import type { TakeBackup } from '../../application/ports/take-backup.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';
import { type CopyDatabase, type DatabaseCopy, removePartial } from './copy-database.js';

/** Most backups under names of our own that are kept, so that one a day does not fill the disk; older ones go. */
const MAX_NAMED_BACKUPS = 10;
/** A part of a backup that is older, in milliseconds, belongs to a server that is gone. */
const STALE_MS = 24 * 3_600_000;

export interface TakeBackupOptions {
  readonly database: string;
  /** Where backups go for which nobody gives a name. It exists. */
  readonly directory: string;
  /** Copies the database, off the main thread. */
  readonly copy: (input: CopyDatabase) => Promise<DatabaseCopy>;
  readonly clock: Clock;
  /** Aborted when the server begins to close; a backup that is not done by then is given up. */
  readonly closing: AbortSignal;
}

export function createTakeBackup({ database, directory, copy, clock, closing }: TakeBackupOptions): TakeBackup {
  return async (named) => {
    const file = named ?? join(directory, nameOf(clock()));
    requireFree(file);
    const partial = `${file}.${randomUUID().slice(0, 8)}.partial`;
    try {
      const copied = await copy({ database, file, partial });
      if (named === undefined) await prune(directory, clock());
      return { file, ...copied };
    } catch (error) {
      // A thread that was ended cannot tidy up.
      await removePartial(partial);
      if (closing.aborted) throw new DomainError('unavailable', 'The server is stopping; the backup was given up.');
      throw refusal(error, file);
    }
  };
}

function requireFree(file: string): void {
  if (!isAbsolute(file)) throw new DomainError('invalid_input', `${file} is no absolute path.`);
  if (existsSync(file)) throw new DomainError('conflict', `${file} exists already; name a new file for the backup.`);
  if (!existsSync(dirname(file))) throw new DomainError('invalid_input', `There is no directory ${dirname(file)}.`);
}

/** What the system says of a file that the caller has named is for the caller. */
function refusal(error: unknown, file: string): unknown {
  if (error instanceof DomainError || codeOf(error) === undefined) return error;
  return new DomainError('unavailable', `The backup cannot be written to ${file}: ${messageOf(error)}.`);
}

/** `cw-20270131-090005-123.db`, UTC: sorts by age. */
function nameOf(now: number): string {
  const [day = '', time = ''] = new Date(now).toISOString().replaceAll(/[-:Z]/g, '').replace('.', '-').split('T');
  return `cw-${day}-${time}.db`;
}

async function prune(directory: string, now: number): Promise<void> {
  const names = await readdir(directory);
  const older = names
    .filter((name) => /^cw-\d{8}-\d{6}-\d{3}\.db$/.test(name))
    .sort()
    .reverse()
    .slice(MAX_NAMED_BACKUPS);
  for (const name of older) await rm(join(directory, name), { force: true });
  for (const name of names.filter((each) => /^(cw|before)-.*\.partial(-\w+)?$/.test(each))) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > STALE_MS) await rm(join(directory, name), { force: true });
  }
}
