import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentProcess, AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { AgentStart, RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { CODEX_BOUNDS, type CodexBounds } from '../../../src/infrastructure/agents/codex/bounds.js';
import { createCodexRuntime } from '../../../src/infrastructure/agents/codex/codex-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { AGENT_ID } from './agent-bench.js';
import { scriptedProgram } from './scripted-program.js';
import { temporaryDirectory } from './temporary-directory.js';
import { testAgentProcesses } from './test-agent-processes.js';

/** A time limit that no turn of a test is meant to reach, in milliseconds. */
const LONG_MS = 60_000;

/** The Codex runtime over real processes of the scripted app-server. */
export interface CodexBench extends AsyncDisposable {
  readonly workspace: string;
  start(habits?: object, bounds?: Partial<CodexBounds>): Promise<RunningAgent>;
  /** What a server finds that comes after the one that started this bench's last agent. */
  takeOver(mark: string | null, bounds?: Partial<CodexBounds>): Promise<RunningAgent | null>;
  /** A turn that does these steps, or is just asked this. */
  turn(steps: readonly object[] | string, change?: Partial<Turn>): Turn;
  /** Of the agent that was started last. */
  processes(): readonly AgentProcess[];
}

export async function openCodexBench(): Promise<CodexBench> {
  const directory = await temporaryDirectory();
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const scripted = await scriptedProgram('codex-agent', directory.path);
  const running: AgentProcess[] = [];
  const real = testAgentProcesses(join(directory.path, 'agents'));
  const processes: AgentProcesses = {
    async start(request) {
      const process = await real.start(request);
      running.push(process);
      return process;
    },
    attach: ({ number }) => Promise.resolve(running[number - 1] ?? null),
  };
  const findProgram = createFindProgram({ path: '/usr/bin:/bin' });
  const runId = randomUUID();
  const request = (habits: object): AgentStart => {
    const args = [scripted, '--habits', JSON.stringify(habits)];
    const profile = { name: 'codex', protocol: 'codex', command: process.execPath, args } as const;
    return { agentId: AGENT_ID, profile, runId, signal: new AbortController().signal };
  };
  const runtime = (bounds: Partial<CodexBounds> = {}) =>
    createCodexRuntime({ processes, timer, version: '0', findProgram, bounds: { ...CODEX_BOUNDS, ...bounds } });

  return {
    workspace,
    start: (habits = {}, bounds = {}) => runtime(bounds).start(request(habits)),
    takeOver: (mark, bounds = {}) => runtime(bounds).attach?.({ ...request({}), mark }) ?? Promise.resolve(null),
    turn(steps, change) {
      const prompt = typeof steps === 'string' ? steps : JSON.stringify(steps);
      const { signal } = new AbortController();
      const handOver = () => Promise.resolve('What was before.');
      const conversation = { sessionId: 'session_1' as never, providerSessionId: null, handOver };
      return { prompt, workspace, attempt: 'task_1-1', timeoutMs: LONG_MS, conversation, signal, ...change };
    },
    processes: () => running,
    async [Symbol.asyncDispose]() {
      for (const process of running) await process.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Takes a whole turn. `react` may answer what it tells. */
export async function updatesOf(
  updates: AsyncIterable<AgentUpdate> | undefined,
  react: (update: AgentUpdate) => unknown = () => undefined,
): Promise<AgentUpdate[]> {
  const all: AgentUpdate[] = [];
  for await (const update of updates ?? nothing()) {
    all.push(update);
    await react(update);
  }
  return all;
}

async function* nothing(): AsyncGenerator<AgentUpdate> {}
