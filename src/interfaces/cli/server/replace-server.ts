import { setTimeout as wait } from 'node:timers/promises';
import { packageVersion } from '../../../installation.js';
import { failureOf } from '../../client/failure.js';
import { fetchHealth, type Health } from '../../client/fetch-health.js';
import type { Context } from '../context.js';
import { openClient } from './open-client.js';

/** Pause between looks while the old server ends and its successor starts, in milliseconds. */
const PAUSE_MS = 25;
/**
 * A successor that the old server started listens within this many milliseconds of its end, even on a busy machine;
 * else it has failed, and another one is started. Two that start at once are kept apart by the server's lock.
 */
const SUCCESSOR_PATIENCE_MS = 5_000;

/**
 * Asks a server to make way for one of this command's version, and waits until it has; under the spawn lock. Resolves
 * with `runs` if its successor runs, with `ended` if the caller is to start one, and with `stays` if another server runs
 * by now. Throws what the server says against it.
 */
export async function replaceServer(
  context: Context,
  old: Health,
  deadline: number,
): Promise<'runs' | 'ended' | 'stays'> {
  const successor = await askToMakeWay(context, old);
  if (successor === 'nobody') return 'stays';
  let goneSince: number | undefined;
  for (;;) {
    const seen = await fetchHealth({ socketPath: context.paths.socket });
    if (seen.found && seen.health.instanceId !== old.instanceId) return 'runs';
    const isGone = !seen.found && seen.why === 'absent';
    const now = Date.now();
    goneSince = isGone ? (goneSince ?? now) : undefined;
    const patienceMs = successor === 'server' ? SUCCESSOR_PATIENCE_MS : 0;
    if (goneSince !== undefined && now - goneSince >= patienceMs) return 'ended';
    // What is wrong is said by who looks next.
    if (now > deadline) return 'runs';
    await wait(PAUSE_MS);
  }
}

/** Who is to start the successor; `nobody` if the server that was seen is not there any more. */
async function askToMakeWay(context: Context, { instanceId }: Health): Promise<'server' | 'caller' | 'nobody'> {
  await using client = openClient(context);
  try {
    return (await client.system.replace.mutate({ instanceId, toVersion: packageVersion() })).successor;
  } catch (error) {
    const failure = failureOf(error);
    // Ended or replaced meanwhile, by somebody who did not need the spawn lock for it: whoever looks next sees.
    if (failure.kind === 'unreachable') return 'nobody';
    const { socket } = context.paths;
    const seen = await fetchHealth({ socketPath: socket });
    if (!seen.found || seen.health.instanceId !== instanceId || seen.health.status === 'draining') return 'nobody';
    throw error;
  }
}
