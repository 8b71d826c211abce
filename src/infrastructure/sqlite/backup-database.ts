import { existsSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DomainError } from '../../domain/shared/domain-error.js';

/**
 * Copies the database into a new file while it is in use, some pages per turn of the event loop. The file appears
 * whole or not at all, and only its owner can read it. Throws `conflict` when it exists.
 */
export async function backupDatabase(database: Database, file: string): Promise<void> {
  if (existsSync(file)) throw new DomainError('conflict', `${file} exists already; name a new file for the backup.`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  try {
    await rm(partial, { force: true });
    await (await open(partial, 'wx', 0o600)).close();
    await database.backup(partial);
    await chmod(partial, 0o600);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
