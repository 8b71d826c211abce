import type { Stats } from 'node:fs';

/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

/** True for what belongs to this user; on Windows, where files tell no such thing, for everything. */
export function isOurs({ uid }: Pick<Stats, 'uid'>): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

/** True for what other users may read, write or enter; never on Windows, where modes mean nothing. */
export function isOpenToOthers({ mode }: Pick<Stats, 'mode'>): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0;
}
