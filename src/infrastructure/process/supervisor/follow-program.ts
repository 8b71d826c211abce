import type { ProcessEnd } from '../../../application/ports/program-runner.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import type { Sweep } from '../sweep.js';
import type { Held } from './agent-supervisors.js';
import { readEnd } from './end-file.js';
import type { Command, ProgramEnd, RunningProgram } from './protocol.js';
import { LinkLost } from './supervisor-link.js';

type StopWish = Extract<Command, { do: 'stop' }>['why'];

/** A program that runs under a supervisor. */
export interface FollowedProgram {
  readonly pid: number;
  /** Lines that it was sent, by this server and those before. */
  sent(): number;
  send(line: string): Promise<void>;
  closeInput(): Promise<void>;
  stop(why?: StopWish): Promise<StopReceipt>;
  readonly ended: Promise<ProcessEnd>;
}

/** Follows a program to its end, whoever started it. The supervisor is used until then. */
export function followProgram(
  { link, directory, release }: Held,
  { name, pid, startedAt, sent: sentBefore }: RunningProgram,
  run: { readonly runId: string; readonly output: string },
  sweep: Sweep,
): FollowedProgram {
  let sent = sentBefore;

  /** A supervisor that was killed can end nothing any more, so this server does. */
  async function endInItsPlace(): Promise<ProgramEnd> {
    const written = await readEnd(directory, name).catch(() => null);
    if (written !== null) return written;
    const root = startedAt === null ? null : { pid, startedAt };
    const receipt = await sweep({ runIds: [run.runId], root, outputFile: run.output });
    return { pid, exitCode: null, signal: null, stopped: 'aborted', receipt };
  }

  const ended = Promise.race([link.ended(name), link.lost.then(endInItsPlace)])
    .then(processEnd)
    .finally(release);

  return {
    pid,
    sent: () => sent,
    async send(line) {
      sent += 1;
      await link.ask({ do: 'send', name, sequence: sent, line });
    },
    async closeInput() {
      // One that has ended has none.
      await link.ask({ do: 'close', name }).catch(() => undefined);
    },
    async stop(why = 'aborted') {
      try {
        const { receipt } = await link.ask({ do: 'stop', why });
        const end = await ended;
        return receipt ?? end.receipt;
      } catch (error) {
        if (error instanceof LinkLost) return (await ended).receipt;
        throw error;
      }
    },
    ended,
  };
}

/** What an end means to whoever started the program. */
export function processEnd({ exitCode, signal, stopped, receipt }: ProgramEnd): ProcessEnd {
  if (stopped !== null) return { how: stopped, receipt };
  if (signal !== null) return { how: 'killed', signal, receipt };
  // Node gives one of the two; a success is never guessed.
  return { how: 'exited', exitCode: exitCode ?? 1, receipt };
}
