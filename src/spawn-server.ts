import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { parse } from 'node:path';
import type { Variables } from './environment.js';
import type { HomePaths } from './home/home-paths.js';
import { serverProgram } from './installation.js';

const OWNER_ONLY = 0o600;

/**
 * Starts this installation's server in the background, in a process that outlives this one; what it prints goes to the
 * log of the start. `tells` opens a channel over which it says that it listens. Throws the system's error for a log that
 * cannot be written.
 */
export function spawnServer({
  paths,
  variables,
  port,
  tells,
}: {
  readonly paths: HomePaths;
  readonly variables: Variables;
  /** What CW_PORT says, if left out. */
  readonly port?: number;
  readonly tells: boolean;
}): ChildProcess {
  const log = openSync(paths.startLog, 'w', OWNER_ONLY);
  try {
    return spawn(
      process.execPath,
      [serverProgram(), 'serve', ...(port === undefined ? [] : ['--port', String(port)])],
      {
        // Not where the user is, so that the server holds no directory that somebody may want to remove or unmount.
        cwd: parse(paths.home).root,
        // CW_HOME may have been relative to where the user is.
        env: { ...variables, CW_HOME: paths.home },
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log, log, tells ? 'ipc' : 'ignore'],
      },
    );
  } finally {
    closeSync(log);
  }
}
