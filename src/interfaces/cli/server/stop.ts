import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { isSuccessorComing } from '../../../home/successor-note.js';
import type { Health } from '../../client/fetch-health.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { formatDuration } from '../output/times.js';
import { createTerminal } from '../terminal.js';
import { findServer } from './find-server.js';
import { openClient } from './open-client.js';
import { startOf, stillRuns } from './process-identity.js';

/** How long the server may take to end in order. */
const STOP_DEADLINE_MS = 10_000;
/**
 * With --now it gets this long before it is killed. Not less: its agents have 3 s to end before it kills them, and a
 * server that is killed first leaves them behind.
 */
const NOW_DEADLINE_MS = 5_000;
/** How long a killed process may take to be gone. */
const KILL_DEADLINE_MS = 2_000;
/** Pause between looks whether it is gone; nothing tells of the end of a process that is not our child. */
const PAUSE_MS = 20;

/** Stops the server and waits until it is gone, and one that was to follow it too. Without one there is nothing to do. */
export async function stop(context: Context, { json, now }: JsonOption & { now?: true }): Promise<ExitCode> {
  const terminal = createTerminal(context);
  const server = (await findServer(context.paths)) ?? (await comingServer(context.paths));
  if (server === undefined) {
    if (json === true) terminal.printJson({ stopped: false, server: null });
    else terminal.print(`No server runs for ${context.paths.home}.`);
    return EXIT.done;
  }
  const begin = Date.now();
  let killed = false;
  for (let next: Health | undefined = server; next !== undefined; next = await comingServer(context.paths)) {
    killed = (await end(context, next, now === true)) || killed;
  }
  if (killed) terminal.note('Agents that it ran may go on until the next start, which takes them over or ends them.');
  if (json === true) terminal.printJson({ stopped: true, killed, server });
  else terminal.print(`The server ${killed ? 'was killed' : 'has ended'} after ${formatDuration(Date.now() - begin)}.`);
  return EXIT.done;
}

/** The server that follows one which has made way, as soon as it answers; undefined when none is announced. */
async function comingServer(paths: HomePaths): Promise<Health | undefined> {
  let wasAnnounced = false;
  while (await isSuccessorComing(paths.successor)) {
    wasAnnounced = true;
    const server = await findServer(paths);
    if (server !== undefined) return server;
    await wait(PAUSE_MS);
  }
  // The note goes when the server has come.
  return wasAnnounced ? findServer(paths) : undefined;
}

/** Ends the server that answered; true if it had to be killed. */
async function end(context: Context, server: Health, now: boolean): Promise<boolean> {
  const { paths } = context;
  const { pid } = server;
  const start = startOf(pid);
  // Proves that the start belongs to the process that answers, and not to one that took its number meanwhile.
  const proven = (await findServer(paths))?.instanceId === server.instanceId && start !== undefined;
  // Also of one that drains already: it may be about to start a successor, which this calls off.
  await askToEnd(context, server);
  if (await isGone(pid, start, now ? NOW_DEADLINE_MS : STOP_DEADLINE_MS)) return false;
  if (!now) {
    throw new CliError(
      EXIT.failed,
      `The server (process ${String(pid)}) has not ended within ${formatDuration(STOP_DEADLINE_MS)}; end it with: cw stop --now`,
    );
  }
  if (!proven || !stillRuns(pid, start)) {
    throw new CliError(
      EXIT.failed,
      `The server has not ended, and process ${String(pid)} cannot be proven to be it; end that one yourself if it is.`,
    );
  }
  process.kill(pid, 'SIGKILL');
  if (await isGone(pid, start, KILL_DEADLINE_MS)) return true;
  throw new CliError(
    EXIT.failed,
    `The server (process ${String(pid)}) was killed but is still there; look again with: cw status`,
  );
}

async function askToEnd(context: Context, server: Health): Promise<void> {
  await using client = openClient(context);
  try {
    await client.system.shutdown.mutate({ reason: 'Stopped by cw stop.' });
  } catch (error) {
    // The answer may be lost with the server: whether it ends is seen next.
    const present = await findServer(context.paths);
    if (present?.instanceId === server.instanceId && present.status !== 'draining') throw error;
  }
}

async function isGone(pid: number, start: string | undefined, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (stillRuns(pid, start)) {
    if (Date.now() > deadline) return false;
    await wait(PAUSE_MS);
  }
  return true;
}
