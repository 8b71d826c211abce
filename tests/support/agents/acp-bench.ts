import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentProcess, AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type {
  AgentLeft,
  AgentRuntime,
  AgentStart,
  Conversation,
  RunningAgent,
  Turn,
} from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { createAcpRuntime } from '../../../src/infrastructure/agents/acp/acp-runtime.js';
import { ACP_LIMITS, type AcpLimits } from '../../../src/infrastructure/agents/acp/limits.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { clock } from '../../../src/infrastructure/system/clock.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { temporaryDirectory } from './temporary-directory.js';
import { testAgentProcesses } from './test-agent-processes.js';

const PATH = process.env['PATH'] ?? '/usr/bin:/bin';

/** ACP agents that are programs of a test, over real processes in a temporary directory. */
export interface AcpBench extends AsyncDisposable {
  readonly path: string;
  readonly workspace: string;
  /** Starts a Node program, or what `program` names, as an agent. */
  start(args: readonly string[], change?: AcpChange): Promise<RunningAgent>;
  /** What `start` was last asked, for `attach`. */
  readonly last: () => Omit<AgentLeft, 'mark'>;
  /** A runtime of its own, as a server that came back has it. */
  runtime(limits?: Partial<AcpLimits>): AgentRuntime;
  turn(prompt: string, change?: Partial<Turn>): Turn;
}

interface AcpChange {
  readonly name?: string;
  readonly program?: string;
  readonly env?: Record<string, string>;
  readonly limits?: Partial<AcpLimits>;
}

/** A conversation in which nothing was said yet. */
export function conversation(number = 1, change: Partial<Conversation> = {}): Conversation {
  const sessionId = encodeId('session', number);
  return { sessionId, providerSessionId: null, handOver: () => Promise.resolve('What was said so far.'), ...change };
}

export async function openAcpBench(): Promise<AcpBench> {
  const directory = await temporaryDirectory();
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const agentProcesses = testAgentProcesses(join(directory.path, 'agents'), { PATH });
  const running: RunningAgent[] = [];
  const processes = new Map<string, AgentProcess>();
  // One server of a test takes the processes of another over, while both are this very program.
  const shared: AgentProcesses = {
    async start(request) {
      const process = await agentProcesses.start(request);
      processes.set(`${request.runId} ${String(request.number)}`, process);
      return process;
    },
    attach: ({ runId, number }) => Promise.resolve(processes.get(`${runId} ${String(number)}`) ?? null),
  };
  let last: AgentStart | null = null;
  const runtime = (limits: Partial<AcpLimits> = {}) =>
    createAcpRuntime({
      agentProcesses: shared,
      findProgram: createFindProgram({ path: PATH }),
      timer,
      clock,
      version: '0.0.0',
      limits: { ...ACP_LIMITS, ...limits },
    });

  return {
    path: directory.path,
    workspace,
    runtime,
    async start(args, { name = 'scripted', program = process.execPath, env, limits } = {}) {
      last = {
        agentId: encodeId('agent', 1 + running.length),
        profile: { name, protocol: 'acp', command: program, args: [...args], env },
        runId: randomUUID(),
        signal: new AbortController().signal,
      };
      const agent = await runtime(limits).start(last);
      running.push(agent);
      return agent;
    },
    last() {
      if (last === null) throw new Error('Nothing was started.');
      return { ...last, attempt: 'task_00000000001-1' };
    },
    turn: (prompt, change = {}) => ({
      prompt,
      workspace,
      attempt: randomUUID(),
      timeoutMs: 60_000,
      conversation: conversation(),
      signal: new AbortController().signal,
      ...change,
    }),
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((agent) => agent.stop()));
      await Promise.all([...processes.values()].map((process) => process.stop()));
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Reads a turn to its end; `react` is called with each update before the next one is asked for. */
export async function readTurn(
  updates: AsyncIterable<AgentUpdate> | Iterable<AgentUpdate>,
  react: (update: AgentUpdate) => Promise<void> | void = () => undefined,
): Promise<AgentUpdate[]> {
  const all: AgentUpdate[] = [];
  for await (const update of updates) {
    all.push(update);
    await react(update);
  }
  return all;
}

/** The updates of one type. */
export function ofType<T extends AgentUpdate['type']>(updates: readonly AgentUpdate[], type: T) {
  return updates.filter((update): update is Extract<AgentUpdate, { type: T }> => update.type === type);
}
