import { readFileSync } from 'node:fs';
import { EXIT } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { fetchHealth, type Health } from '../../client/fetch-health.js';
import { CliError } from '../cli-error.js';

/** A server that is only busy, on a machine that is busy too, answers within this many milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * The server of this data directory, or undefined if none runs. Throws a CliError for one that runs but does not answer,
 * and for something else in its place.
 */
export async function findServer(paths: HomePaths): Promise<Health | undefined> {
  const liveness = await fetchHealth({ socketPath: paths.socket, timeoutMs: PATIENCE_MS });
  if (liveness.found) return liveness.health;
  if (liveness.why === 'absent') return undefined;
  throw liveness.why === 'silent' ? silence(paths, PATIENCE_MS) : new CliError(EXIT.failed, liveness.message);
}

/** What is said of a server that is there and has not answered for so many milliseconds. */
export function silence(paths: HomePaths, silentMs: number): CliError {
  const message = `What listens at ${paths.socket} has not answered for ${String(Math.round(silentMs))} ms.`;
  return new CliError(EXIT.failed, `${message}${hintOf(paths)}`);
}

/** Which process it may be that does not answer. Only a hint, so nothing is done to that process. */
function hintOf({ serverHint }: HomePaths): string {
  try {
    const hint: unknown = JSON.parse(readFileSync(serverHint, 'utf8'));
    if (typeof hint === 'object' && hint !== null && 'pid' in hint && typeof hint.pid === 'number') {
      return ` It may be process ${String(hint.pid)}.`;
    }
  } catch {
    // No hint, then.
  }
  return '';
}
