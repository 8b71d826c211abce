import { setTimeout } from 'node:timers/promises';
import type { StopReceipt } from '../../domain/agent/agent.js';
import { findOurs } from './find-ours.js';
import { type Identity, identityKey, type Marks, type ProcessTable } from './process-table.js';

/** How long a process may take to end after SIGTERM before it gets SIGKILL, in milliseconds. */
const STOP_GRACE_MS = 3_000;
/** How long a process may take to disappear after SIGKILL, in milliseconds; over it, it hangs in the kernel. */
const KILL_WAIT_MS = 1_000;
/** Between two looks at whether signalled processes are gone, in milliseconds. Nothing looks when nothing was signalled. */
const POLL_MS = 10;
/** Rounds of freeze and kill before what is left is given up and counted. */
const KILL_ROUNDS = 5;
/** Looks for new processes within one round; what forks faster than we freeze gets its next round. */
const FREEZE_LOOKS = 20;
/** Looks at the process table until one is complete; on a busy machine somebody's process always ends meanwhile. */
const LOOKS = 3;

/** What to end. */
export interface SweepTarget {
  readonly runIds: readonly string[];
  /** The program that we started, as it was identified right after its start. */
  readonly root: Identity | null;
  /** The run's output file, which only our own processes have as standard output or error. */
  readonly outputFile: string | null;
}

/** Ends every process of a run and says how many there were, and how many could not be ended. */
export type Sweep = (target: SweepTarget) => Promise<StopReceipt>;

/**
 * Makes the sweep: SIGTERM to all at once, a grace, then rounds of freezing (SIGSTOP until no new one appears, so that
 * nothing forks away between the look and the kill) and SIGKILL, until a look finds none. When there is nothing to end
 * it costs one look at the process table. `graceMs` is the time after SIGTERM, in milliseconds.
 */
export function createSweep({ table, graceMs = STOP_GRACE_MS }: { table: ProcessTable; graceMs?: number }): Sweep {
  return async ({ runIds, root, outputFile }) => {
    const marks: Marks = { runIds: new Set(runIds), outputFile, since: root?.startedAt ?? 0 };
    const seen = new Map<string, Identity>();

    const look = async (): Promise<Identity[]> => {
      let found: Identity[] = [];
      for (let count = 0; count < LOOKS; count += 1) {
        const { rows, complete } = await table.list(marks);
        found = findOurs(rows, { root, seen: [...seen.values()], self: process.pid });
        if (complete || found.length > 0) break;
      }
      for (const identity of found) seen.set(identityKey(identity), identity);
      return found;
    };

    let found = await look();
    if (found.length === 0) return { ended: 0, left: 0 };
    await table.signal(found, 'SIGTERM');
    // A process that stands still (job control, a debugger's stop) handles no SIGTERM until it goes on.
    await table.signal(found, 'SIGCONT');
    await untilGone(table, found, graceMs);

    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      found = await freeze(table, look);
      if (found.length === 0) break;
      await table.signal(found, 'SIGKILL');
      await untilGone(table, found, KILL_WAIT_MS);
    }
    const left = found.length === 0 ? 0 : (await look()).length;
    return { ended: seen.size - left, left };
  };
}

async function freeze(table: ProcessTable, look: () => Promise<Identity[]>): Promise<Identity[]> {
  const frozen = new Set<string>();
  let found = await look();
  for (let count = 1; count < FREEZE_LOOKS; count += 1) {
    const fresh = found.filter((identity) => !frozen.has(identityKey(identity)));
    if (fresh.length === 0) break;
    await table.signal(fresh, 'SIGSTOP');
    for (const identity of fresh) frozen.add(identityKey(identity));
    found = await look();
  }
  return found;
}

async function untilGone(table: ProcessTable, identities: readonly Identity[], limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (let alive = await table.alive(identities); alive.length > 0; alive = await table.alive(alive)) {
    if (performance.now() >= deadline) return;
    await setTimeout(POLL_MS);
  }
}
