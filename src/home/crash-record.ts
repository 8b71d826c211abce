import { rm } from 'node:fs/promises';
import { readPrivateFile, writePrivateFile } from './private-file.js';

/** So many crashes in so short a time (milliseconds) are a loop, which another start would only go on with. */
export const MAX_CRASHES = 5;
export const CRASH_WINDOW_MS = 10_000;
/** After a loop no server is started for this long, in milliseconds: a client that tries for ever starts one every 2 s. */
const REST_MS = 10_000;

/**
 * Times of starts that have not turned out well so far. Who starts a server writes the time down before, under the spawn
 * lock, and takes it back when the server listens; a server that ends because of a bug adds the time of that; one that
 * ends as it was asked to forgets them all.
 */
export async function recordStart(file: string, at: number): Promise<void> {
  await write(file, [...(await read(file)), at].slice(-MAX_CRASHES));
}

/** Takes back a start that was written down, because no crash came of it. */
export async function withdrawStart(file: string, at: number): Promise<void> {
  await write(
    file,
    (await read(file)).filter((time) => time !== at),
  );
}

/** Forgets every crash. */
export async function forgetCrashes(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** For how many more milliseconds no server should be started because the last ones crashed in a loop; 0 if it may. */
export async function restAfterCrashes(file: string, now: number): Promise<number> {
  const [first, ...rest] = (await read(file)).filter((time) => time <= now).slice(-MAX_CRASHES);
  const last = rest.at(-1);
  if (first === undefined || last === undefined || rest.length < MAX_CRASHES - 1) return 0;
  return last - first > CRASH_WINDOW_MS ? 0 : Math.max(0, last + REST_MS - now);
}

/** Whatever else the file holds, or cannot be read: it must never keep a server from starting. */
async function read(file: string): Promise<number[]> {
  try {
    const times: unknown = JSON.parse((await readPrivateFile(file)) ?? '[]');
    return Array.isArray(times) ? times.filter((time) => typeof time === 'number') : [];
  } catch {
    return [];
  }
}

async function write(file: string, times: readonly number[]): Promise<void> {
  if (times.length === 0) await forgetCrashes(file);
  else await writePrivateFile(file, JSON.stringify(times));
}
