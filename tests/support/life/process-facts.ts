import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, the same on every Linux. */
const TICKS_PER_SECOND = 100;

/** What the system says of a process. Linux only. */
export interface ProcessFacts {
  /** Processor time so far, in milliseconds; steps of 10. */
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly descriptors: number;
  readonly threads: number;
  /** How often it gave up its processor by itself so far, over all threads: every wake-up of an idle one counts. */
  readonly wakeUps: number;
}

/** Reads what the system says of this process. Throws the system's error when it is gone. */
export function factsOf(pid: number): ProcessFacts {
  const inProc = `/proc/${String(pid)}`;
  const stat = readFileSync(`${inProc}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`${inProc}/status`, 'utf8');
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000,
    rssMb: Math.round(numberIn(status, 'VmRSS') / 100) / 10,
    descriptors: readdirSync(`${inProc}/fd`).length,
    threads: numberIn(status, 'Threads'),
    wakeUps: readdirSync(`${inProc}/task`)
      .map((thread) => numberIn(readFileSync(`${inProc}/task/${thread}/status`, 'utf8'), 'voluntary_ctxt_switches'))
      .reduce((sum, switches) => sum + switches, 0),
  };
}

/**
 * How long the main thread of a process has run on a processor so far, in milliseconds, and not waited for one: what it
 * did, however busy the machine is. 0 when it is gone.
 */
export function mainThreadMs(pid: number): number {
  try {
    const [ranNs] = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/schedstat`, 'utf8').split(' ');
    return Number(ranNs) / 1e6;
  } catch {
    return 0;
  }
}

function numberIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
}
