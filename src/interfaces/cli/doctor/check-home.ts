import { type Stats, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HomePaths } from '../../client/home-paths.js';
import { formatSize } from '../output/sizes.js';
import { type Check, fail, ok, warn } from './check.js';
import { lookAt } from './look-at.js';

/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;
/** Bytes that the address of a Unix socket has room for, without the byte that ends it: sun_path of Linux and of the BSDs. */
const SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
/** Free space under which output and backups may soon find no room, and under which the database may not, in bytes. */
const LITTLE_SPACE = 1_000_000_000;
const NO_SPACE = 100_000_000;

/** The data directory: whose it is, who may enter it, and what has room in it. */
export function checkHome(paths: HomePaths): Check[] {
  return [checkDirectory(paths), checkSocketPath(paths), checkSpace(paths)];
}

function checkDirectory({ home }: HomePaths): Check {
  const found = lookAt(home);
  if (found === undefined) return ok('home', `${home} is not there yet; the first start makes it.`);
  const another = 'Set CW_HOME to another directory.';
  if (found.isSymbolicLink()) return fail('home', `${home} is a symbolic link.`, 'Set CW_HOME to what it points to.');
  if (!found.isDirectory()) return fail('home', `${home} is not a directory.`, another);
  if (!isOurs(found)) return fail('home', `${home} belongs to another user.`, another);
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
    return fail('home', `Other users may enter ${home}.`, `Run: chmod 700 ${home}`);
  }
  return ok('home', `${home} is yours alone.`);
}

function isOurs({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

function checkSocketPath({ socket }: HomePaths): Check {
  const bytes = Buffer.byteLength(socket);
  if (process.platform === 'win32' || bytes <= SOCKET_PATH_BYTES) return ok('socket', `${socket}.`);
  return fail(
    'socket',
    `The path ${socket} has ${String(bytes)} bytes; a socket's may have ${String(SOCKET_PATH_BYTES)}.`,
    'Set CW_HOME to a directory with a shorter path.',
  );
}

function checkSpace({ home }: HomePaths): Check {
  const { bavail, bsize } = statfsSync(nearest(home));
  const free = bavail * bsize;
  const message = `${formatSize(free)} free.`;
  if (free < NO_SPACE) return fail('disk', message, 'Make room, or set CW_HOME to another disk.');
  if (free < LITTLE_SPACE)
    return warn('disk', message, 'Make room soon; `cw config set retention.runOutputMb` limits ours.');
  return ok('disk', message);
}

/** The directory itself, or the nearest one above it that is there. */
function nearest(path: string): string {
  return lookAt(path) === undefined ? nearest(dirname(path)) : path;
}
