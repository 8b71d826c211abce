import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';
import { taskOfAttempt } from '../../domain/task/attempt.js';
import type { Run } from '../../domain/task/expired-runs.js';
import { attemptPaths } from './attempt-paths.js';

/** What attempts have left: the directories that have the name of one. Links are not followed. For a worker thread. */
export function listRuns(runsDirectory: string): Run[] {
  return readdirSync(runsDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && taskOfAttempt(entry.name) !== undefined)
    .map(({ name }) => measure(runsDirectory, name))
    .filter((run) => run !== undefined);
}

/** Whether any attempt may have left something. */
export async function hasRuns(runsDirectory: string): Promise<boolean> {
  const directory = await opendir(runsDirectory);
  try {
    return (await directory.read()) !== null;
  } finally {
    await directory.close();
  }
}

/** Removes the directories of these attempts; gives those that are gone and why the first other one is not. For a worker thread. */
export function removeRuns(input: { readonly runsDirectory: string; readonly attempts: readonly string[] }): {
  removed: string[];
  problem: string | null;
} {
  const removed: string[] = [];
  let problem: string | null = null;
  for (const attempt of input.attempts) {
    try {
      rmSync(attemptPaths(input.runsDirectory, attempt).directory, { recursive: true, force: true });
      removed.push(attempt);
    } catch (error) {
      problem ??= messageOf(error);
    }
  }
  return { removed, problem };
}

/** Undefined for one that goes at this very moment. */
function measure(runsDirectory: string, attempt: string): Run | undefined {
  try {
    const { directory } = attemptPaths(runsDirectory, attempt);
    const found = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => lstatSync(join(entry.parentPath, entry.name)));
    return {
      attempt,
      bytes: found.reduce((sum, { size }) => sum + size, 0),
      changedAt: Math.trunc(Math.max(0, ...found.map(({ mtimeMs }) => mtimeMs))),
    };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
