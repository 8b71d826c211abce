import type { StopReceipt } from '../../../domain/agent/agent.js';
import type { Identity, ProcessTable } from '../process-table.js';
import type { Sweep } from '../sweep.js';
import { launch } from './launch.js';
import type { ProgramEnd, ProgramStart, RunningProgram } from './protocol.js';

/** A program under supervision. */
export interface Program {
  describe(): RunningProgram;
  /** Writes a line that has not been written yet; resolves when the system has it. */
  send(sequence: number, line: string): Promise<void>;
  closeInput(): void;
  /** Ends it and all of its run. Idempotent. */
  stop(): Promise<StopReceipt>;
  /** Resolves when it and all of its run are gone. */
  readonly ended: Promise<ProgramEnd>;
}

interface Needs {
  readonly runId: string;
  readonly table: ProcessTable;
  readonly sweep: Sweep;
}

/** Starts a program. Rejects with the system's error when that cannot be done. */
export async function startProgram(start: ProgramStart, { runId, table, sweep }: Needs): Promise<Program> {
  const { pid, input, exit } = await launch(start);
  // Before anything else is awaited: until then its pid cannot be taken by another, even if it has ended already.
  const root = await table.identify(pid);
  let sent = 0;
  let stopping: Promise<StopReceipt> | undefined;
  const endAll = () => sweep({ runIds: [runId], root, outputFile: start.output });

  async function end(): Promise<ProgramEnd> {
    const { exitCode, signal } = await exit;
    const stopped = stopping !== undefined;
    return { pid, exitCode, signal, stopped, receipt: await (stopping ?? endAll()) };
  }

  return {
    describe: () => ({ number: start.number, pid, startedAt: startOf(root), sent }),
    async send(sequence, line) {
      if (sequence <= sent) return;
      sent = sequence;
      await new Promise<void>((resolve, reject) => {
        if (input === null) reject(new Error('Its input is not ours to write.'));
        else input.write(`${line}\n`, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      });
    },
    closeInput: () => void input?.end(),
    stop: () => (stopping ??= endAll()),
    ended: end(),
  };
}

function startOf(root: Identity | null): number | null {
  return root === null ? null : root.startedAt;
}
