import type { StopReceipt } from '../../../domain/agent/agent.js';
import type { Identity, ProcessTable } from '../process-table.js';
import type { Sweep } from '../sweep.js';
import { launch } from './launch.js';
import { limitOutput } from './output-limit.js';
import type { ProgramEnd, ProgramStart, RunningProgram, StopReason } from './protocol.js';

/** A program under supervision. */
export interface Program {
  describe(): RunningProgram;
  /** Writes a line that has not been written yet; resolves when the system has it. */
  send(sequence: number, line: string): Promise<void>;
  closeInput(): void;
  /** Ends it and all of its run. Idempotent. */
  stop(why: StopReason): Promise<StopReceipt>;
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
  let stopping: { readonly why: StopReason; readonly receipt: Promise<StopReceipt> } | undefined;
  const endAll = () => sweep({ runIds: [runId], root, outputFile: start.output });
  const stop = (why: StopReason) => (stopping ??= { why, receipt: endAll() }).receipt;
  // A sweep that breaks is told by the end, which waits for it.
  const onFlood = () => void stop('flooded').catch(() => undefined);
  const { output, maxOutputBytes } = start;
  const endLimit = maxOutputBytes === null ? undefined : limitOutput(output, maxOutputBytes, onFlood);

  async function end(): Promise<ProgramEnd> {
    const { exitCode, signal } = await exit;
    endLimit?.();
    const stopped = stopping?.why ?? null;
    return { pid, exitCode, signal, stopped, receipt: await (stopping?.receipt ?? endAll()) };
  }

  return {
    describe: () => ({ name: start.name, pid, startedAt: startOf(root), sent }),
    async send(sequence, line) {
      if (sequence <= sent) return;
      sent = sequence;
      await new Promise<void>((resolve, reject) => {
        if (input === null) reject(new Error('Its input is not ours to write.'));
        else input.write(`${line}\n`, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      });
    },
    closeInput: () => void input?.end(),
    stop,
    ended: end(),
  };
}

function startOf(root: Identity | null): number | null {
  return root === null ? null : root.startedAt;
}
