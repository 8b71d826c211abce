import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentProcess, AgentProcesses } from '../../../../src/application/ports/agent-process.js';
import type {
  AgentRuntime,
  AgentStart,
  Conversation,
  RunningAgent,
  Turn,
} from '../../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../../src/application/ports/agent-update.js';
import type { TurnEnd } from '../../../../src/application/ports/turn-end.js';
import { encodeId } from '../../../../src/domain/shared/id.js';
import type { Habits, Step } from '../scripted/script.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { testAgentProcesses } from '../test-agent-processes.js';
import { type Patience, type StructuredAdapter, scriptedProfile, type ToolSettings } from './adapters.js';

/** A time limit that no turn of a test is meant to reach, in milliseconds. */
const LONG_MS = 60_000;
/** What a conversation that begins anew is told first. */
export const HAND_OVER = 'What was said so far.';

/** A scripted agent that runs. */
export interface ScriptedAgent {
  readonly agent: RunningAgent;
  /** All that it was so far, the first one first. */
  readonly processes: () => readonly AgentProcess[];
  /** What a server finds that comes after the one which started it: null when nothing is to be taken over. */
  readonly takeOver: (mark: string | null) => Promise<RunningAgent | null>;
}

/** Scripted agents of one adapter, over real processes in a temporary directory. */
export interface StructuredBench extends AsyncDisposable {
  readonly workspace: string;
  start(
    habits?: Habits | Readonly<Record<string, unknown>>,
    patience?: Patience,
    tool?: Partial<ToolSettings>,
  ): Promise<ScriptedAgent>;
  /** A turn that does these steps, of which some only one protocol has, or is just told this. */
  turn(steps: readonly (Step | object)[] | string, change?: Partial<Turn>): Turn;
  /** The adapter as a server that comes later has it. */
  runtime(): AgentRuntime;
}

export async function openStructuredBench(adapter: StructuredAdapter): Promise<StructuredBench> {
  const directory = await temporaryDirectory();
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const program = await adapter.program(directory.path);
  const agents = join(directory.path, 'agents');
  const running: AgentProcess[] = [];
  let started = 0;

  function kept(own: AgentProcess[]): AgentProcesses {
    // One for each server: what the one before knew is lost.
    const real = testAgentProcesses(agents);
    const keep = (process: AgentProcess) => {
      running.push(process);
      own.push(process);
      return process;
    };
    return {
      start: async (request) => keep(await real.start(request)),
      async attach(request) {
        const process = await real.attach(request);
        if (process !== null) running.push(process);
        return process;
      },
    };
  }

  return {
    workspace,
    async start(habits = {}, patience = {}, tool = {}) {
      started += 1;
      const own: AgentProcess[] = [];
      const request: AgentStart = {
        agentId: encodeId('agent', started),
        profile: scriptedProfile(adapter, [program, '--habits', JSON.stringify(habits)], tool),
        runId: randomUUID(),
        signal: new AbortController().signal,
      };
      return {
        agent: await adapter.runtime(kept(own), patience).start(request),
        processes: () => own,
        async takeOver(mark) {
          const left = { ...request, mark, attempt: 'task_00000000001-1' };
          return (await adapter.runtime(kept(own), patience).attach?.(left)) ?? null;
        },
      };
    },
    turn(steps, change) {
      const prompt = typeof steps === 'string' ? steps : JSON.stringify(steps);
      const { signal } = new AbortController();
      return {
        ...{ prompt, workspace, attempt: randomUUID(), timeoutMs: LONG_MS, conversation: conversation(), signal },
        ...change,
      };
    },
    runtime: () => adapter.runtime(kept([]), {}),
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((process) => process.stop()));
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A conversation in which nothing was said yet, or that has this id of the agent's. */
export function conversation(providerSessionId: string | null = null): Conversation {
  return { sessionId: encodeId('session', 1), providerSessionId, handOver: () => Promise.resolve(HAND_OVER) };
}

/** Reads a turn to its end, and allows what is asked for; `react` may answer first. */
export async function allOf(
  agent: RunningAgent,
  updates: AsyncIterable<AgentUpdate> | undefined,
  react: (update: AgentUpdate) => unknown = () => undefined,
): Promise<AgentUpdate[]> {
  if (updates === undefined) throw new Error('There is no turn to read.');
  const all: AgentUpdate[] = [];
  for await (const update of updates) {
    all.push(update);
    await react(update);
    if (update.type === 'permission') {
      await agent.answer?.(update.request.requestId, { behavior: 'allow', always: false });
    }
  }
  return all;
}

/** The updates of one type. */
export function ofType<T extends AgentUpdate['type']>(updates: readonly AgentUpdate[], type: T) {
  return updates.filter((update): update is Extract<AgentUpdate, { type: T }> => update.type === type);
}

export function textOf(updates: readonly AgentUpdate[]): string {
  return ofType(updates, 'text')
    .map(({ text }) => text)
    .join('');
}

/** How the turn ended. Throws unless it says so once, and last. */
export function endOf(updates: readonly AgentUpdate[]): TurnEnd {
  const ends = ofType(updates, 'turn_end');
  const last = updates.at(-1);
  if (ends.length !== 1 || last?.type !== 'turn_end')
    throw new Error('The turn has not one end, which is its last word.');
  return last.end;
}
