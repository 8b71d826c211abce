import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/shared/domain-error.js';
import { codeOf } from '../../domain/shared/thrown.js';

/** What a file system without hard links says. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Gives a file its final name, for good, unless something has that name: then it throws `conflict`. */
export async function appear(partial: string, file: string): Promise<void> {
  try {
    // Unlike a rename, a link never takes the place of anything.
    await link(partial, file);
    await rm(partial);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') throw new DomainError('conflict', `${file} exists already; name a new file for the backup.`);
    if (!NO_LINKS.includes(code)) throw error;
    await rename(partial, file);
  }
  await syncDirectory(dirname(file));
}

/** A new name is an entry of its directory, which must reach the disk too. Windows has no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using directory = await open(path, 'r');
  await directory.sync();
}
