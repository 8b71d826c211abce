import { closeSync, openSync, readSync } from 'node:fs';
import type { Identity } from './process-table.js';
import { isShortage } from './shortage.js';

/** What `/proc/<pid>/stat` says; proc_pid_stat(5). `startedAt` is in clock ticks since the boot. */
export interface ProcStat extends Identity {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Processor time that it has used, in milliseconds, with that of its children that have ended. */
  readonly cpuMs: number;
  /** A thread of the kernel: it has no environment and cannot be signalled. */
  readonly kernel: boolean;
}

/** The PF_KTHREAD bit of the flags in field 9; include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;
/** One clock tick of /proc, in milliseconds: USER_HZ is 100 on every platform that Node runs on; time(7). */
const TICK_MS = 10;
/** The line has 52 numbers and a name of at most 64 bytes: well under this many bytes. */
const STAT_BYTES = 2048;

const buffer = Buffer.allocUnsafe(STAT_BYTES);

/**
 * Reads one process's line, in some 10 µs; null when there is no such process. Never waits: stat takes no
 * lock of it. Throws when this process has no descriptor left to read it with, which tells nothing about that one.
 */
export function readProcStat(pid: number): ProcStat | null {
  let file: number;
  try {
    file = openSync(`/proc/${String(pid)}/stat`, 'r');
  } catch (error) {
    if (isShortage(error)) throw error;
    return null;
  }
  try {
    return parseProcStat(buffer.toString('latin1', 0, readSync(file, buffer, 0, STAT_BYTES, 0)));
  } catch {
    // ESRCH: it ended between the open and the read.
    return null;
  } finally {
    closeSync(file);
  }
}

/** Parses a line. The name in field 2 may hold anything, also spaces and brackets, so the last bracket ends it. */
export function parseProcStat(line: string): ProcStat | null {
  const nameEnd = line.lastIndexOf(')');
  if (nameEnd < 0) return null;
  const pid = Number.parseInt(line, 10);
  const [state, parent, group, session, , , flags, , , , , user, system, childUser, childSystem, , , , , startedAt] =
    line.slice(nameEnd + 2).split(' ');
  if (state === undefined || startedAt === undefined) return null;
  return {
    pid,
    state,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    cpuMs: (Number(user) + Number(system) + Number(childUser) + Number(childSystem)) * TICK_MS,
    kernel: (Number(flags) & KERNEL_THREAD) !== 0,
    startedAt: Number(startedAt),
  };
}

/** True for a process that still does something: neither a zombie nor dead. */
export function isAlive(stat: ProcStat): boolean {
  return stat.state !== 'Z' && stat.state !== 'X' && stat.state !== 'x';
}
