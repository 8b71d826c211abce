import { readFile, readlink } from 'node:fs/promises';
import { RUN_ID_VARIABLE } from './agent-environment.js';
import type { Marks } from './process-table.js';
import { isShortage } from './shortage.js';

const MARKER = Buffer.from(`${RUN_ID_VARIABLE}=`);

/** What a look into one process found. `unsure`: it had no environment at all, as during an exec. */
export type Look = 'marked' | 'unmarked' | 'unsure';

/**
 * Looks whether a process carries one of the run ids or writes to the run's output file. The reads are asynchronous,
 * because the kernel makes them wait while the process changes its memory map. A process that is gone, or that belongs
 * to somebody else, is unmarked.
 */
export async function lookForMarks(pid: number, marks: Marks): Promise<Look> {
  let environment: Buffer;
  try {
    environment = await readFile(`/proc/${String(pid)}/environ`);
  } catch (error) {
    if (isShortage(error)) throw error;
    return 'unmarked';
  }
  const runId = runIdOf(environment);
  if (runId !== null && marks.runIds.has(runId)) return 'marked';
  if (marks.outputFile !== null && (await writesTo(pid, marks.outputFile))) return 'marked';
  return environment.length === 0 ? 'unsure' : 'unmarked';
}

/** The value of CW_RUN_ID in a block of NUL-terminated `NAME=value`; the first one, as getenv(3) finds it. */
export function runIdOf(environment: Buffer): string | null {
  for (let at = environment.indexOf(MARKER); at >= 0; at = environment.indexOf(MARKER, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString('utf8', at + MARKER.length, end < 0 ? environment.length : end);
  }
  return null;
}

/** An agent's child that cleaned its environment still has the inherited standard output or error, unless it closed both. */
async function writesTo(pid: number, file: string): Promise<boolean> {
  for (const descriptor of [1, 2]) {
    const target = await readlink(`/proc/${String(pid)}/fd/${String(descriptor)}`).catch(() => null);
    if (target === file) return true;
  }
  return false;
}
