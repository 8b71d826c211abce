import type { HomePaths } from './home-paths.js';
import { ensurePrivateDirectory } from './private-directory.js';
import { requireSocketPath } from './socket-path.js';

/**
 * Makes the data directory and the folders in it for this user alone, or checks those that are there. Throws a
 * ConfigurationError for one that cannot be used, with nothing put into it.
 */
export async function prepareHome(paths: HomePaths): Promise<void> {
  requireSocketPath(paths.socket);
  await ensurePrivateDirectory(paths.home, namesIn(paths));
  for (const directory of [paths.logs, paths.runs, paths.agents, paths.agentTokens, paths.backups, paths.spool])
    await ensurePrivateDirectory(directory);
}

/** Every name that a server leaves in its data directory; what stands beside a database is SQLite's own. */
function namesIn({ home, ...paths }: HomePaths): Set<string> {
  const beside = [paths.database, paths.serverLock, paths.spawnLock].flatMap((path) =>
    ['-wal', '-shm', '-journal'].map((end) => path + end),
  );
  return new Set([...Object.values(paths), ...beside].map((path: string) => path.slice(home.length + 1)));
}
