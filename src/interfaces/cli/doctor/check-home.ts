import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HomePaths } from '../../../home/home-paths.js';
import { isOpenToOthers, isOurs } from '../../../home/ownership.js';
import { MAX_SOCKET_PATH_BYTES } from '../../../home/socket-path.js';
import { formatSize } from '../output/sizes.js';
import { type Check, fail, ok, warn } from './check.js';
import { lookAt } from './look-at.js';

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
  if (isOpenToOthers(found)) return fail('home', `Other users may enter ${home}.`, `Run: chmod 700 ${home}`);
  return ok('home', `${home} is yours alone.`);
}

function checkSocketPath({ socket }: HomePaths): Check {
  const bytes = Buffer.byteLength(socket);
  if (process.platform === 'win32' || bytes <= MAX_SOCKET_PATH_BYTES) return ok('socket', `${socket}.`);
  return fail(
    'socket',
    `The path ${socket} has ${String(bytes)} bytes; a socket's may have ${String(MAX_SOCKET_PATH_BYTES)}.`,
    'Set CW_HOME to a directory with a shorter path.',
  );
}

function checkSpace({ home }: HomePaths): Check {
  const { bavail, bsize } = statfsSync(nearest(home));
  const free = bavail * bsize;
  const message = `${formatSize(free)} free.`;
  if (free < NO_SPACE) return fail('disk', message, 'Make room, or set CW_HOME to another disk.');
  if (free < LITTLE_SPACE)
    return warn('disk', message, 'Make room soon; `cw prune --dry-run` says what could go of ours.');
  return ok('disk', message);
}

/** The directory itself, or the nearest one above it that is there. */
function nearest(path: string): string {
  return lookAt(path) === undefined ? nearest(dirname(path)) : path;
}
