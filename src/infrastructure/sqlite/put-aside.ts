import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A database and what SQLite keeps beside it. */
const ENDS = ['', '-wal', '-shm'] as const;

/** The files of this database that are there. */
export function filesOf(database: string): string[] {
  return ENDS.map((end) => database + end).filter((file) => existsSync(file));
}

/** Makes a new private directory beside the database, `<word>-<time>`. */
export function makeAside(database: string, word: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  for (let n = 1; ; n += 1) {
    const directory = join(dirname(database), `${word}-${time}${n === 1 ? '' : `-${n}`}`);
    if (existsSync(directory)) continue;
    mkdirSync(directory, { mode: 0o700 });
    return directory;
  }
}

/**
 * Copies the files of a damaged database into a directory of their own. Those that an earlier start has copied, and that
 * have not changed since, are not copied again: a server that cannot start is tried often.
 */
export function copyAside(database: string): string {
  const home = dirname(database);
  const known = readdirSync(home)
    .filter((name) => /^damaged-\d{8}-\d{6}(-\d+)?$/.test(name))
    .map((name) => join(home, name))
    .find((directory) => filesOf(database).every((file) => isSame(file, join(directory, basename(file)))));
  if (known !== undefined) return known;
  const directory = makeAside(database, 'damaged');
  for (const file of filesOf(database)) {
    const copy = join(directory, basename(file));
    copyFileSync(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o600);
    const { atime, mtime } = statSync(file);
    utimesSync(copy, atime, mtime);
  }
  return directory;
}

/** The index is SQLite's to make anew at any time, and says nothing. */
function isSame(file: string, copy: string): boolean {
  if (file.endsWith('-shm')) return true;
  const [one, other] = [statSync(file), statSync(copy, { throwIfNoEntry: false })];
  if (other === undefined) return one.size === 0;
  return one.size === other.size && Math.abs(one.mtimeMs - other.mtimeMs) < 1;
}
