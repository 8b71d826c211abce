import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentRuntime, Conversation, RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import type { TurnEnd } from '../../../src/application/ports/turn-end.js';
import type { AgentProfile, Protocol } from '../../../src/domain/agent/agent-profile.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { createCommandRuntime } from '../../../src/infrastructure/agents/command/command-runtime.js';
import { createShellRuntime } from '../../../src/infrastructure/agents/shell/shell-runtime.js';
import { createAttemptFiles } from '../../../src/infrastructure/filesystem/attempt-files.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Time between SIGTERM and SIGKILL in tests, in milliseconds: long enough for a shell to end, short for who ignores it. */
const TEST_GRACE_MS = 300;
/** A time limit that no turn of a test is meant to reach, in milliseconds. */
const LONG_MS = 60_000;

/** The server's own environment, as the agents of a bench see it. */
export const SERVER_ENVIRONMENT = {
  PATH: '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  CW_TOKEN: 'secret',
  CW_RUN_ID: 'the run of the server itself',
  LD_PRELOAD: '',
  NODE_OPTIONS: '--no-warnings',
  ANTHROPIC_API_KEY: 'secret',
};

/** Whoever starts agents one by one may give them all the same id. */
export const AGENT_ID = encodeId('agent', 1);
/** One in which nothing was said yet. */
const NEW_CONVERSATION: Conversation = {
  sessionId: encodeId('session', 1),
  providerSessionId: null,
  handOver: () => Promise.resolve(''),
};

/** Real runtimes over real processes and files, in a temporary directory. */
export interface AgentBench extends AsyncDisposable {
  readonly runtimes: Readonly<Record<'shell' | 'command', AgentRuntime>>;
  readonly workspace: string;
  start(profile: AgentProfile): Promise<RunningAgent>;
  /** A turn with this prompt; what `change` says replaces the defaults. */
  turn(prompt: string, change?: Partial<Turn>): Turn;
  /** What an attempt has written. */
  output(turn: Turn): Promise<Buffer>;
  outputPath(turn: Turn): string;
}

export async function openAgentBench(): Promise<AgentBench> {
  const directory = await temporaryDirectory();
  const runsDirectory = join(directory.path, 'runs');
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const processes = createProcesses({ environment: SERVER_ENVIRONMENT, timer, graceMs: TEST_GRACE_MS });
  const commandRuntime = createCommandRuntime({
    ...processes,
    attemptFiles: createAttemptFiles({ runsDirectory }),
    findProgram: createFindProgram({ path: SERVER_ENVIRONMENT.PATH }),
  });
  const runtimes = { shell: createShellRuntime({ commandRuntime }), command: commandRuntime };
  const runIds: string[] = [];
  let turns = 0;
  const outputPath = (turn: Turn) => join(runsDirectory, turn.attempt, 'output.log');

  return {
    runtimes,
    workspace,
    start(profile) {
      const runId = randomUUID();
      runIds.push(runId);
      return runtimeOf(runtimes, profile.protocol).start({
        agentId: AGENT_ID,
        profile,
        runId,
        signal: new AbortController().signal,
      });
    },
    turn(prompt, change) {
      turns += 1;
      const attempt = `task_0000000000${turns}-1`;
      const { signal } = new AbortController();
      return { prompt, workspace, attempt, timeoutMs: LONG_MS, conversation: NEW_CONVERSATION, signal, ...change };
    },
    output: (turn) => readFile(outputPath(turn)),
    outputPath,
    async [Symbol.asyncDispose]() {
      await processes.sweepRuns(runIds);
      await directory[Symbol.asyncDispose]();
    },
  };
}

function runtimeOf(runtimes: AgentBench['runtimes'], protocol: Protocol): AgentRuntime {
  if (protocol === 'shell' || protocol === 'command') return runtimes[protocol];
  throw new Error(`The bench has no runtime for ${protocol}.`);
}

/** Takes a whole turn and returns how it ended. */
export async function endOf(updates: AsyncIterable<AgentUpdate>): Promise<TurnEnd> {
  let end: TurnEnd | undefined;
  for await (const update of updates) {
    if (update.type === 'turn_end') end = update.end;
  }
  if (end === undefined) throw new Error('The turn ended without saying how.');
  return end;
}
