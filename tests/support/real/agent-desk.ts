import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'vitest';
import type { AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { AgentRuntime, RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { createAcpRuntime } from '../../../src/infrastructure/agents/acp/acp-runtime.js';
import { ACP_LIMITS } from '../../../src/infrastructure/agents/acp/limits.js';
import { createClaudeRuntime } from '../../../src/infrastructure/agents/claude/claude-runtime.js';
import { createCodexRuntime } from '../../../src/infrastructure/agents/codex/codex-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { clock } from '../../../src/infrastructure/system/clock.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { temporaryDirectory } from '../agents/temporary-directory.js';
import { testAgentProcesses } from '../agents/test-agent-processes.js';
import { updatesOf } from '../agents/updates-of.js';
import { processesWith } from '../cli.js';
import { type FakeModel, type Route, startFakeModel } from './fake-model.js';
import { type RealAgent, requireAgent } from './real-agents.js';
import { REAL_PROGRAMS } from './real-programs.js';

/** A time limit that no turn of a test is meant to reach, in milliseconds. */
const LONG_MS = 120_000;
/** Silent agents are looked at sooner than a user's, and before opencode asks its model again after 2 s. */
const LIMITS = { ...ACP_LIMITS, silenceMs: 400, retryMs: 800 };

/** A real agent with an empty home and the kit's model, behind our runtime. At its end none of its processes may be left. */
export interface AgentDesk extends AsyncDisposable {
  readonly workspace: string;
  /** The agent's home, with its settings and what it keeps. */
  readonly user: string;
  readonly model: FakeModel;
  /** Starts an agent, with a run id of its own. */
  start(): Promise<RunningAgent>;
  turn(prompt: string, change?: Partial<Turn>): Turn;
}

/** Opens it with what the model says, request by request, and what it says to some requests instead. */
export async function openAgentDesk(
  name: RealAgent,
  says: readonly object[],
  context: Pick<TestContext, 'skip'>,
  routes: readonly Route[] = [],
): Promise<AgentDesk> {
  const program = requireAgent(name, context);
  const directory = await temporaryDirectory();
  const [workspace, user] = [join(directory.path, 'workspace'), join(directory.path, 'user')];
  await mkdir(workspace);
  await mkdir(user);
  const model = await startFakeModel(says, workspace, routes);
  const { protocol, args, env, settings } = REAL_PROGRAMS[name];
  const [path, text] = settings(model.url) ?? [null, ''];
  if (path !== null) {
    await mkdir(dirname(join(user, path)), { recursive: true });
    await writeFile(join(user, path), text);
  }
  const PATH = process.env['PATH'] ?? '';
  const runtime = runtimeOf(protocol, testAgentProcesses(join(directory.path, 'agents'), { PATH }), PATH);
  const [command = program, ...words] = [...model.within, program, ...args];
  const agents: RunningAgent[] = [];
  const runIds: string[] = [];
  let asked = 0;
  return {
    workspace,
    user,
    model,
    async start() {
      const number = agents.length + 1;
      const runId = `run-${String(number)}-${String(process.pid)}-${user}`;
      runIds.push(runId);
      const agent = await runtime.start({
        agentId: encodeId('agent', number),
        profile: { name, protocol, command, args: words, env: { HOME: user, ...env(model.url) } },
        runId,
        signal: new AbortController().signal,
      });
      agents.push(agent);
      return agent;
    },
    turn(prompt, change) {
      asked += 1;
      const handOver = () => Promise.resolve('BEFORE');
      return {
        prompt,
        workspace,
        attempt: `task_${String(asked)}-1`,
        timeoutMs: LONG_MS,
        conversation: { sessionId: encodeId('session', 1), providerSessionId: null, handOver },
        signal: new AbortController().signal,
        ...change,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents) await agent.stop();
      const left = runIds.flatMap((runId) => processesWith(`CW_RUN_ID=${runId}`));
      await model[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
      if (left.length > 0) throw new Error(`${name} has left ${String(left.length)} processes: ${left.join(', ')}`);
    },
  };
}

function runtimeOf(protocol: 'claude' | 'codex' | 'acp', processes: AgentProcesses, path: string): AgentRuntime {
  const findProgram = createFindProgram({ path });
  switch (protocol) {
    case 'claude':
      return createClaudeRuntime({ agentProcesses: processes, timer, findProgram });
    case 'codex':
      return createCodexRuntime({ processes, timer, version: '0', findProgram });
    case 'acp':
      return createAcpRuntime({ agentProcesses: processes, timer, clock, version: '0', findProgram, limits: LIMITS });
  }
}

/** Takes a turn, and allows or denies what it asks leave for. */
export function take(agent: RunningAgent, turn: Turn, allows = true): Promise<AgentUpdate[]> {
  return updatesOf(agent.prompt(turn), (update) => {
    if (update.type !== 'permission') return undefined;
    const answer = allows
      ? ({ behavior: 'allow', always: false } as const)
      : ({ behavior: 'deny', message: 'not today' } as const);
    return agent.answer?.(update.request.requestId, answer);
  });
}

/** Goes on with the conversation that these updates are of. */
export function follow(turn: Turn, updates: readonly AgentUpdate[]): Turn {
  const session = updates.find((update) => update.type === 'session');
  const providerSessionId = session?.type === 'session' ? session.providerSessionId : null;
  return { ...turn, conversation: { ...turn.conversation, providerSessionId } };
}
