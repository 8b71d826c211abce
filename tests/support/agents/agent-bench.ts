import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  AgentLeft,
  AgentRuntime,
  Conversation,
  RunningAgent,
  Turn,
} from '../../../src/application/ports/agent-runtime.js';
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
import { TEST_GRACE_MS, testAgentPrograms } from './test-agent-processes.js';

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

export interface AgentBenchOptions {
  /** Where another bench left its files; they are left there. A temporary one otherwise. */
  readonly directory?: string | undefined;
  readonly leaseMs?: number | undefined;
  readonly maxOutputBytes?: number | undefined;
}

/** An agent that another bench has left in the middle of a turn. */
export type LeftAgent = Pick<AgentLeft, 'agentId' | 'runId' | 'attempt'> & { readonly pid: number };

/** Real runtimes over real processes and files, in a temporary directory. */
export interface AgentBench extends AsyncDisposable {
  readonly runtimes: Readonly<Record<'shell' | 'command', AgentRuntime>>;
  /** Where its files are. */
  readonly path: string;
  readonly workspace: string;
  start(profile: AgentProfile): Promise<RunningAgent>;
  /** Which one was started last. */
  last(): Pick<LeftAgent, 'agentId' | 'runId'>;
  /** Takes an agent of another bench over; null when it is gone. */
  attach(profile: AgentProfile, left: Omit<LeftAgent, 'pid'>): Promise<RunningAgent | null>;
  /** A turn with this prompt; what `change` says replaces the defaults. */
  turn(prompt: string, change?: Partial<Turn>): Turn;
  /** What an attempt has written. */
  output(turn: Turn): Promise<Buffer>;
  outputPath(turn: Turn): string;
}

export async function openAgentBench({ directory: given, ...limits }: AgentBenchOptions = {}): Promise<AgentBench> {
  const directory = given === undefined ? await temporaryDirectory() : null;
  const path = directory?.path ?? given ?? '';
  const runsDirectory = join(path, 'runs');
  const workspace = join(path, 'workspace');
  await mkdir(workspace, { recursive: true });
  const processes = createProcesses({ environment: {}, timer, graceMs: TEST_GRACE_MS });
  const { programRunners } = testAgentPrograms(join(path, 'agents'), { environment: SERVER_ENVIRONMENT, ...limits });
  const commandRuntime = createCommandRuntime({
    ...processes,
    programRunners,
    attemptFiles: createAttemptFiles({ runsDirectory }),
    findProgram: createFindProgram({ path: SERVER_ENVIRONMENT.PATH }),
  });
  const runtimes = { shell: createShellRuntime({ commandRuntime }), command: commandRuntime };
  const agents: RunningAgent[] = [];
  const started: Pick<LeftAgent, 'agentId' | 'runId'>[] = [];
  const { signal: wanted } = new AbortController();
  let turns = 0;
  const outputPath = (turn: Turn) => join(runsDirectory, turn.attempt, 'output.log');

  return {
    runtimes,
    path,
    workspace,
    async start(profile) {
      const identity = { agentId: encodeId('agent', started.length + 1), runId: randomUUID() };
      started.push(identity);
      const agent = await runtimeOf(runtimes, profile.protocol).start({ ...identity, profile, signal: wanted });
      agents.push(agent);
      return agent;
    },
    last() {
      const identity = started.at(-1);
      if (identity === undefined) throw new Error('Nothing was started.');
      return identity;
    },
    async attach(profile, { agentId, runId, attempt }) {
      const request = { agentId, runId, attempt, profile, mark: null, signal: wanted };
      const agent = (await runtimeOf(runtimes, profile.protocol).attach?.(request)) ?? null;
      if (agent !== null) agents.push(agent);
      return agent;
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
      await Promise.all(agents.map((agent) => agent.stop()));
      await directory?.[Symbol.asyncDispose]();
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
