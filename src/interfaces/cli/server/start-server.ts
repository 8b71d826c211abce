import { setTimeout as wait } from 'node:timers/promises';
import { compareVersions } from '../../../compare-versions.js';
import { EXIT } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { prepareHome } from '../../../home/prepare-home.js';
import { packageVersion } from '../../../installation.js';
import { fetchHealth, type Health } from '../../client/fetch-health.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { silence } from './find-server.js';
import { launchServer } from './launch-server.js';
import { readLogEnd } from './start-log.js';

/** A start that takes longer has hung: the server answers within half a second, and after an upgrade it first migrates. */
const START_DEADLINE_MS = 30_000;
/**
 * Pause between looks while another process starts the server, or an old one ends, in milliseconds: short beside the
 * start itself, and random, so that 50 commands which wait do not look all at once.
 */
const LEAST_PAUSE_MS = 30;
const MOST_PAUSE_MS = 120;
/**
 * Pause before the spawn lock is tried again that somebody else held, in milliseconds. Whoever holds it starts the
 * server, whose answer ends the wait; only a holder that died in between is found out by this. Trying costs many times
 * what looking does, and 200 that try at every look keep the server from starting.
 */
const LOCK_PAUSE_MS = 400;
/**
 * A server that has not answered for this long, while nobody is starting one, is stuck or suspended, and waiting more
 * would only keep the user from hearing of it. In milliseconds.
 */
const SILENCE_MS = 8_000;

/** A server that runs, whether this command started it, and the one that made way for it because of this command. */
export interface Started {
  readonly server: Health;
  readonly started: boolean;
  readonly replaced: Health | null;
}

/** Whether a server that runs is to make way for another one first. */
type IsToReplace = (running: Health) => boolean;

/**
 * Makes sure that a server runs, however many processes do so at once. `/health` alone says whether one does. Who finds
 * none, or one that is to make way, takes the spawn lock, looks again, and only then acts; everybody else waits for it,
 * so that a server which is replaced has one successor, of the version that asked. A holder that dies gives its lock back.
 * Without `isToReplace` a server gives way that is older than this command, never a newer one; one that does not want to
 * is asked once, and will do.
 */
export async function startServer(context: Context, isToReplace?: IsToReplace): Promise<Started> {
  const { environment, paths } = context;
  const look = () => fetchHealth({ socketPath: paths.socket });
  const deadline = Date.now() + START_DEADLINE_MS;
  let started = false;
  let replaced: Health | null = null;
  let asked = false;
  let why = 'Another command is starting it';
  let silentSince: number | undefined;
  const tryUnderSpawnLock = createSpawnLock(paths);
  const mustGo = isToReplace ?? ((running) => !asked && isOlder(running));

  for (;;) {
    const seen = await look();
    if (seen.found && seen.health.status !== 'draining' && !mustGo(seen.health)) {
      return { server: seen.health, started, replaced };
    }
    if (!seen.found && seen.why === 'foreign') throw new CliError(EXIT.failed, seen.message);
    if (Date.now() > deadline) throw tooLate(context, seen.found ? seen.health : undefined, why);
    const isSilent = !seen.found && seen.why === 'silent';
    silentSince = isSilent ? (silentSince ?? performance.now()) : undefined;
    if (seen.found && seen.health.status === 'draining') why = 'The old one is still ending';
    else if (silentSince === undefined) await tryUnderSpawnLock(act);
    else {
      why = 'One is there, but it does not answer';
      const silentMs = performance.now() - silentSince;
      // A server that upgrades a large database is silent too; who started it has the lock then.
      if (silentMs > SILENCE_MS && (await tryUnderSpawnLock(async () => undefined))) throw silence(paths, silentMs);
    }
    await wait(LEAST_PAUSE_MS + Math.random() * (MOST_PAUSE_MS - LEAST_PAUSE_MS));
  }

  async function act(): Promise<void> {
    const again = await look();
    if (again.found && again.health.status !== 'draining' && mustGo(again.health)) {
      const { replaceServer } = await import('./replace-server.js');
      const next = await replaceServer(context, again.health, deadline).catch((error: unknown) => {
        if (isToReplace !== undefined) throw error;
        return 'stays' as const;
      });
      asked = true;
      if (next === 'stays') return;
      replaced = again.health;
      if (next === 'runs') return;
    } else if (again.found || again.why !== 'absent') return;
    started = (await launchServer(environment, paths, deadline)) === 'ready';
    if (!started) why = 'Another one owns the directory, but it does not answer';
  }
}

/** Whether a server is to make way for this command's version by itself. */
function isOlder({ version }: Pick<Health, 'version'>): boolean {
  return compareVersions(version, packageVersion()) < 0;
}

/**
 * How this command acts under the spawn lock: resolves with true when it did, and with false when somebody else holds it,
 * or held it a moment ago.
 */
function createSpawnLock(paths: HomePaths): (act: () => Promise<void>) => Promise<boolean> {
  let isPrepared = false;
  let nextTryAt = 0;
  return async (act) => {
    if (performance.now() < nextTryAt) return false;
    if (!isPrepared) await prepareHome(paths);
    isPrepared = true;
    const { tryFileLock } = await import('../../../home/file-lock.js');
    const lock = tryFileLock(paths.spawnLock);
    if (lock === null) {
      nextTryAt = performance.now() + LOCK_PAUSE_MS;
      return false;
    }
    try {
      await act();
      return true;
    } finally {
      lock.release();
    }
  };
}

function tooLate({ paths }: Context, last: Health | undefined, why: string): CliError {
  const seen =
    last === undefined ? 'nothing answers' : `version ${last.version}, process ${String(last.pid)}, is ${last.status}`;
  return new CliError(
    last === undefined ? EXIT.otherServer : EXIT.failed,
    `No server for ${paths.home} answers after ${String(START_DEADLINE_MS / 1_000)} s (${seen}). ${why}; its log ends with:`,
    readLogEnd(paths),
  );
}
