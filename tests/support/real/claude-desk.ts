import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { createClaudeRuntime } from '../../../src/infrastructure/agents/claude/claude-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { temporaryDirectory } from '../agents/temporary-directory.js';
import { testAgentProcesses } from '../agents/test-agent-processes.js';
import { type FakeModel, startFakeModel } from './fake-model.js';
import { requireAgent } from './real-agents.js';

/** A time limit that no turn of a test is meant to reach, in milliseconds. */
const LONG_MS = 120_000;

/** The real Claude Code with an empty home and the kit's model, behind our runtime. */
export interface ClaudeDesk extends AsyncDisposable {
  readonly workspace: string;
  readonly model: FakeModel;
  /** Starts an agent; the same id for all of them, and a run id of its own. */
  start(): Promise<RunningAgent>;
  turn(prompt: string, change?: Partial<Turn>): Turn;
}

/** Opens it with what the model says, turn by turn. */
export async function openClaudeDesk(
  turns: readonly object[],
  context: Pick<TestContext, 'skip'>,
): Promise<ClaudeDesk> {
  const program = requireAgent('claude', context);
  const directory = await temporaryDirectory();
  const [workspace, user] = [join(directory.path, 'workspace'), join(directory.path, 'user')];
  await mkdir(workspace);
  const model = await startFakeModel(turns, workspace);
  await mkdir(user);
  const path = process.env['PATH'] ?? '';
  const agentProcesses = testAgentProcesses(join(directory.path, 'agents'), { PATH: path });
  const runtime = createClaudeRuntime({ agentProcesses, timer, findProgram: createFindProgram({ path }) });
  const words = [...model.within, program];
  const agents: RunningAgent[] = [];
  let started = 0;
  let asked = 0;
  return {
    workspace,
    model,
    async start() {
      started += 1;
      const env = {
        HOME: user,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: 'dummy',
        DISABLE_TELEMETRY: '1',
        DISABLE_ERROR_REPORTING: '1',
        DISABLE_AUTOUPDATER: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        // It tries again ten times, for minutes.
        CLAUDE_CODE_MAX_RETRIES: '0',
      };
      const profile = {
        name: 'claude',
        protocol: 'claude',
        command: words[0] ?? program,
        args: words.slice(1),
        env,
      } as const;
      const { signal } = new AbortController();
      const agent = await runtime.start({
        agentId: encodeId('agent', started),
        profile,
        runId: `run-${String(started)}-${String(process.pid)}-${user}`,
        signal,
      });
      agents.push(agent);
      return agent;
    },
    turn(prompt, change) {
      asked += 1;
      const conversation = {
        sessionId: encodeId('session', 1),
        providerSessionId: null,
        handOver: () => Promise.resolve('BEFORE'),
      };
      const { signal } = new AbortController();
      return {
        prompt,
        workspace,
        attempt: `task_${String(asked)}-1`,
        timeoutMs: LONG_MS,
        conversation,
        signal,
        ...change,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const agent of agents) await agent.stop();
      await model[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}
