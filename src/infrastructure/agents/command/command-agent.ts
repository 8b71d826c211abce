import { basename } from 'node:path';
import { timeLeftMs } from '../../../application/agent/turn-cut.js';
import type { RunningAgent, SweepRuns, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { AttemptFiles } from '../../../application/ports/attempt-files.js';
import type { ProgramRunner, ProgramStart } from '../../../application/ports/program-runner.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { type ExitCodes, rulingOf } from '../../../domain/agent/agent-profile.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import { turnEnd } from './turn-end.js';

export interface CommandAgentDependencies {
  readonly sweepRuns: SweepRuns;
  readonly attemptFiles: AttemptFiles;
}

/** What an agent runs: the profile's own settings, with its program found. */
export interface Command {
  /** Absolute path. */
  readonly program: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly passEnv?: readonly string[] | undefined;
  readonly exitCodes?: ExitCodes;
  readonly runId: string;
  readonly tokenFile?: string | undefined;
}

const PLACEHOLDER = '{prompt}';
const NOTHING: StopReceipt = { ended: 0, left: 0 };

/** A turn that is under way. */
interface ActiveTurn {
  cut(): void;
  readonly end: Promise<TurnEnd>;
}

/** An agent that has no program between its turns: each turn runs the command anew. */
export function createCommandAgent(
  dependencies: CommandAgentDependencies,
  command: Command,
  runner: ProgramRunner,
): RunningAgent {
  const { attemptFiles, sweepRuns } = dependencies;
  let active: ActiveTurn | null = null;
  let stopped: Promise<StopReceipt> | null = null;

  async function* take(turn: Turn, resume: boolean): AsyncGenerator<AgentUpdate> {
    if (active !== null) throw new Error('An agent takes one turn at a time.');
    // What is gone on with may run, and is ended below.
    if (stopped !== null || (turn.signal.aborted && !resume)) {
      yield { type: 'turn_end', end: { outcome: 'aborted', receipt: NOTHING } };
      return;
    }
    // Not AbortSignal.any: on Node 20 it leaks with a source that lives as long as the agent.
    const abort = new AbortController();
    const cut = () => abort.abort();
    turn.signal.addEventListener('abort', cut, { once: true });
    if (turn.signal.aborted) cut();
    const running = { command: commandLine(command, turn.prompt), workspace: turn.workspace };
    const start = startTurn(attemptFiles, runner, command, { ...turn, signal: abort.signal }, resume);
    const end = start.then((outcome) =>
      turnEnd(
        outcome,
        turn.timeoutMs,
        () => attemptFiles.tail(turn.attempt),
        running,
        (exitCode) => rulingOf(command.exitCodes, exitCode),
      ),
    );
    // It is awaited below; this only keeps a rejection from ending the server while the reader is elsewhere.
    end.catch(() => undefined);
    active = { cut, end };
    try {
      const outcome = await start;
      if (outcome.started) yield { type: 'progress', message: `process ${outcome.pid} started`, fraction: null };
      yield { type: 'turn_end', end: await end };
    } finally {
      // Whoever stops reading does not want the turn any more.
      cut();
      // One that broke has been told by the lines above, and must not keep the agent from its next turn.
      await end.catch(() => undefined);
      turn.signal.removeEventListener('abort', cut);
      active = null;
    }
  }

  async function stop(): Promise<StopReceipt> {
    active?.cut();
    const turn = (await active?.end.catch(() => undefined))?.receipt ?? NOTHING;
    const rest = await sweepRuns([command.runId]);
    await runner.release();
    return { ended: turn.ended + rest.ended, left: Math.max(turn.left, rest.left) };
  }

  return {
    prompt: (turn) => take(turn, false),
    resume: (turn) => take(turn, true),
    stop: () => (stopped ??= stop()),
  };
}

async function startTurn(
  attemptFiles: AttemptFiles,
  runner: ProgramRunner,
  { args = [], ...command }: Command,
  turn: Turn,
  resume: boolean,
): Promise<ProgramStart> {
  const { prompt, workspace, attempt, resultsFile, signal } = turn;
  const isArgument = args.some((arg) => arg.includes(PLACEHOLDER));
  try {
    const { outputFile } = await attemptFiles.prepare(attempt);
    return await runner.run({
      ...command,
      name: attempt,
      resume,
      // Replaced by a function, because replaceAll would expand what looks like `$&` in a prompt.
      args: args.map((arg) => arg.replaceAll(PLACEHOLDER, () => prompt)),
      cwd: workspace,
      resultsFile,
      outputFile,
      inputFile: isArgument ? null : await attemptFiles.writePrompt(attempt, prompt),
      timeoutMs: timeLeftMs(turn),
      signal,
    });
  } catch (error) {
    return { started: false, problem: `The attempt's files cannot be written (${messageOf(error)}).`, temporary: true };
  }
}

/** What is run, as one would write it: the program by its name, and arguments with spaces in quotes. */
function commandLine({ program, args = [] }: Command, prompt: string): string {
  const words = [basename(program), ...args.map((arg) => arg.replaceAll(PLACEHOLDER, () => prompt))];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
