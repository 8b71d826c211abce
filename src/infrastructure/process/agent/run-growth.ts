import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { LookAtRun } from '../../../application/ports/look-at-run.js';

/** What is asked about the processes that a program starts. */
export type Growth = Pick<AgentProcess, 'settle' | 'hasGrown'>;

/** Compares the processes of this run with those that it had when it settled. */
export function watchGrowth(lookAtRun: LookAtRun, runId: string): Growth {
  let own: ReadonlySet<string> | null = null;

  /** Null when the process table cannot be read now, which counts as having grown: the program is ended then. */
  async function look(): Promise<ReadonlySet<string> | null> {
    return lookAtRun(runId).then(
      ({ processes }) => processes,
      () => null,
    );
  }

  return {
    async settle() {
      own = await look();
    },
    async hasGrown() {
      const known = own;
      if (known === null) return true;
      const now = await look();
      return now === null || [...now].some((key) => !known.has(key));
    },
  };
}

/** Of a program that an earlier server started: what is its own is not known any more. */
export const UNKNOWN_GROWTH: Growth = { settle: () => Promise.resolve(), hasGrown: () => Promise.resolve(true) };
