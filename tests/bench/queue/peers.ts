import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Another queue for Node on SQLite, and the driver that it works with; neither is in our package.json. */
export interface Peer {
  readonly name: 'plainjob' | 'liteque';
  readonly version: string;
  /** Version of better-sqlite3; null for the one that we have. */
  readonly driver: string | null;
}

/** liteque 0.8 awaits within the driver's transactions, which better-sqlite3 refuses from 11.9 on. */
export const PEERS: readonly Peer[] = [
  { name: 'plainjob', version: '0.0.14', driver: null },
  { name: 'liteque', version: '0.8.0', driver: '11.8.1' },
];

/** Beside other caches of tools: gone with the next `npm ci`, and never part of the product. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/bench-peers/', import.meta.url));
/** For a registry that does not answer, in milliseconds; where no binary of the driver can be had, it is built meanwhile. */
const INSTALL_MS = 600_000;

/** Installs a peer into a folder of its own, unless it is there. Gives the folder, or why that cannot be. */
export function installPeer({
  name,
  version,
  driver,
}: Peer): { readonly folder: string } | { readonly problem: string } {
  const folder = join(CACHE, `${name}-${version}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return { folder };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const packages = [`${name}@${version}`, ...(driver === null ? [] : [`better-sqlite3@${driver}`])];
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', ['install', ...options, ...packages], {
    encoding: 'utf8',
    timeout: INSTALL_MS,
    shell: process.platform === 'win32',
  });
  if (status !== 0) return { problem: error?.message ?? stderr.trim().split('\n')[0] ?? 'npm failed' };
  writeFileSync(done, '');
  return { folder };
}

/** The driver that a peer works with. */
export function driverOf({ driver }: Pick<Peer, 'driver'>, folder: string): unknown {
  return createRequire(driver === null ? import.meta.url : join(folder, 'package.json'))('better-sqlite3');
}
