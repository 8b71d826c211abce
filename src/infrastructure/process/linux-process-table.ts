import { readdir } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Look, lookForMarks } from './proc-marks.js';
import { isAlive, type ProcStat, readProcStat } from './proc-stat.js';
import type { Identity, Marks, ProcessRow, ProcessTable } from './process-table.js';

/** Longest stretch of reading before other work gets its turn, in milliseconds. */
const SLICE_MS = 2;
/** Looks into processes at once; the file system threads of Node are four, and others want them too. */
const LOOKS_AT_ONCE = 2;
/** A process without any environment is looked at again after this many milliseconds: an exec takes less. */
const EXEC_MS = 2;

/** The processes of a Linux machine, read from /proc. Start times are clock ticks since the boot. */
export function createLinuxProcessTable(): ProcessTable {
  return {
    async identify(pid) {
      const stat = readProcStat(pid);
      return stat === null ? null : { pid, startedAt: stat.startedAt };
    },

    async list(marks) {
      const { stats, complete } = await readAll();
      const marked = await findMarked(stats, marks);
      const rows: ProcessRow[] = stats.map((stat) => ({ ...stat, marked: marked.has(stat.pid) }));
      return { rows, complete };
    },

    async alive(identities) {
      return identities.filter(lives);
    },

    async signal(identities, signal) {
      for (const identity of identities) {
        if (lives(identity)) kill(identity.pid, signal);
      }
    },
  };
}

function lives({ pid, startedAt }: Identity): boolean {
  const stat = readProcStat(pid);
  return stat !== null && stat.startedAt === startedAt && isAlive(stat);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it is gone, as wanted. EPERM: it became another user; the receipt will count it as left.
  }
}

async function readAll(): Promise<{ stats: ProcStat[]; complete: boolean }> {
  const stats: ProcStat[] = [];
  let complete = true;
  let sliceStart = performance.now();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readProcStat(pid);
    if (stat === null) complete = false;
    else if (!stat.kernel && isAlive(stat)) stats.push(stat);
    if (performance.now() - sliceStart > SLICE_MS) {
      await setImmediate();
      sliceStart = performance.now();
    }
  }
  return { stats, complete };
}

async function findMarked(stats: readonly ProcStat[], marks: Marks): Promise<Set<number>> {
  const marked = new Set<number>();
  const unsure: number[] = [];
  const waiting = stats.filter((stat) => stat.startedAt >= marks.since).map((stat) => stat.pid);
  const note = (pid: number, look: Look) => {
    if (look === 'marked') marked.add(pid);
    if (look === 'unsure') unsure.push(pid);
  };
  await lookIntoEach(waiting, marks, note);
  if (unsure.length > 0) {
    await setTimeout(EXEC_MS);
    await lookIntoEach(unsure.splice(0), marks, note);
  }
  return marked;
}

async function lookIntoEach(pids: number[], marks: Marks, note: (pid: number, look: Look) => void): Promise<void> {
  const lookOn = async () => {
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) note(pid, await lookForMarks(pid, marks));
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
}
