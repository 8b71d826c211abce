import { setTimeout as wait } from 'node:timers/promises';
import { EXIT } from '../../../exit-codes.js';
import { prepareHome } from '../../../home/prepare-home.js';
import { fetchHealth, type Health } from '../../client/fetch-health.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { launchServer } from './launch-server.js';

/** A start that takes longer has hung: the server answers within half a second, and after an upgrade it first migrates. */
const START_DEADLINE_MS = 30_000;
/**
 * Pause between looks while another process starts the server, or an old one ends, in milliseconds: short beside the
 * start itself, and random, so that 50 commands which wait do not look all at once.
 */
const LEAST_PAUSE_MS = 30;
const MOST_PAUSE_MS = 120;

/** A server that runs, and whether this command started it. */
export interface Started {
  readonly server: Health;
  readonly started: boolean;
}

/**
 * Makes sure that a server runs, however many processes do so at once. `/health` alone says whether one does. Who finds
 * none takes the spawn lock, looks again, and only then starts one; everybody else waits for it. A holder that dies
 * gives its lock back.
 */
export async function startServer(context: Context): Promise<Started> {
  const { paths } = context;
  const deadline = Date.now() + START_DEADLINE_MS;
  let started = false;
  let why = 'Another command is starting it';
  for (;;) {
    const seen = await fetchHealth({ socketPath: paths.socket });
    if (seen.found && seen.health.status !== 'draining') return { server: seen.health, started };
    if (!seen.found && seen.why === 'foreign') throw new CliError(EXIT.failed, seen.message);
    if (Date.now() > deadline) {
      throw new CliError(
        seen.found ? EXIT.failed : EXIT.otherServer,
        `No server for ${paths.home} answers after ${String(START_DEADLINE_MS / 1_000)} s. ${why}; see ${paths.serverLog}.`,
      );
    }
    if (seen.found) why = 'The old one is still ending';
    else if (seen.why === 'silent') why = 'One is there, but it does not answer';
    else {
      const outcome = await launchUnlessOthersDo(context, deadline);
      started = outcome === 'ready';
      if (started) continue;
      if (outcome === 'refused') why = 'Another one owns the directory, but it does not answer';
    }
    await wait(LEAST_PAUSE_MS + Math.random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS));
  }
}

/** Starts a server under the spawn lock. `left`: another process holds the lock, or has started one meanwhile. */
async function launchUnlessOthersDo(
  { environment, paths }: Context,
  deadline: number,
): Promise<'ready' | 'refused' | 'left'> {
  await prepareHome(paths);
  const { tryFileLock } = await import('../../../home/file-lock.js');
  const lock = tryFileLock(paths.spawnLock);
  if (lock === null) return 'left';
  try {
    const seen = await fetchHealth({ socketPath: paths.socket });
    if (seen.found || seen.why !== 'absent') return 'left';
    return await launchServer(environment, paths, deadline);
  } finally {
    lock.release();
  }
}
