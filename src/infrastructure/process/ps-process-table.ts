import { execFile } from 'node:child_process';
import { RUN_ID_VARIABLE } from './agent-environment.js';
import { type Identity, identityKey, type Marks, type ProcessRow, type ProcessTable } from './process-table.js';

/** Most that is read of one answer of ps, in bytes: 4,000 processes with a full environment each. */
const PS_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Longest wait for an answer of ps, in milliseconds. */
const PS_TIMEOUT_MS = 10_000;

/**
 * The processes as ps shows them, for macOS. Start times are whole seconds since 1970, so that a pid that is taken again
 * within the same second is not told apart. A session's number is not shown there, and output files are not looked for.
 */
export function createPsProcessTable(): ProcessTable {
  const all = async (): Promise<ProcessRow[]> => parsePs(await ps(['-axo', COLUMNS]));
  const living = async (identities: readonly Identity[]): Promise<Identity[]> => {
    if (identities.length === 0) return [];
    const rows = parsePs(await ps(['-o', COLUMNS, '-p', identities.map(({ pid }) => String(pid)).join(',')]));
    const keys = new Set(rows.map(identityKey));
    return identities.filter((identity) => keys.has(identityKey(identity)));
  };

  return {
    async identify(pid) {
      return parsePs(await ps(['-o', COLUMNS, '-p', String(pid)]))[0] ?? null;
    },
    async list({ runIds, since }) {
      const rows = await all();
      const marked = markedIn(await ps(['-axEww', '-o', 'pid=,command=']), runIds);
      const isMarked = (row: ProcessRow) => row.startedAt >= since && marked.has(row.pid);
      return { rows: rows.map((row) => ({ ...row, marked: isMarked(row) })), complete: true };
    },
    alive: living,
    async signal(identities, signal) {
      for (const { pid } of await living(identities)) {
        try {
          process.kill(pid, signal);
        } catch {
          // ESRCH: it is gone, as wanted. EPERM: it became another user; the receipt will count it as left.
        }
      }
    },
  };
}

const COLUMNS = 'pid=,ppid=,pgid=,stat=,time=,lstart=';
const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+([\d:.-]+)\s+(.+?)\s*$/;

/** Parses `ps -o pid=,ppid=,pgid=,stat=,time=,lstart=`; zombies are left out. */
export function parsePs(output: string): ProcessRow[] {
  return output.split('\n').flatMap((line): ProcessRow[] => {
    const [, pid, parent, group, state, time, started] = ROW.exec(line) ?? [];
    if (state === undefined || time === undefined || started === undefined || state.startsWith('Z')) return [];
    const startedAt = Math.floor(Date.parse(started) / 1000);
    const ids = { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 };
    return [{ ...ids, startedAt, cpuMs: cpuMsOf(time), marked: false }];
  });
}

/** `[days-][hours:]minutes:seconds[.hundredths]` in milliseconds. */
function cpuMsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}

/** The pids in `ps -axEww -o pid=,command=` whose environment, which follows the command, has one of the run ids. */
export function markedIn(output: string, runIds: Marks['runIds']): Set<number> {
  const marker = new RegExp(`(?:^|\\s)${RUN_ID_VARIABLE}=(\\S+)`, 'g');
  const pids = output.split('\n').flatMap((line) => {
    const carries = [...line.matchAll(marker)].some(([, runId]) => runId !== undefined && runIds.has(runId));
    return carries ? [Number.parseInt(line, 10)] : [];
  });
  return new Set(pids);
}

function ps(args: string[]): Promise<string> {
  const options = { maxBuffer: PS_OUTPUT_BYTES, timeout: PS_TIMEOUT_MS, env: { LC_ALL: 'C' } };
  return new Promise((resolve, reject) => {
    execFile('/bin/ps', args, options, (error, stdout) => {
      // It exits with 1 when none of the pids is there.
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`Cannot list processes: ${error.message}`));
    });
  });
}
