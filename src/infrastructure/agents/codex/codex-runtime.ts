import { greetAgent } from '../../../application/agent/greet-agent.js';
import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentRuntime, AgentStart } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import type { Timer } from '../../../application/ports/timer.js';
import { CODEX_BOUNDS } from './bounds.js';
import { type CodexAgentDependencies, type CodexCommand, createCodexAgent } from './codex-agent.js';
import { createConnection } from './connection.js';
import { greetCodex } from './greet-codex.js';
import { readMark } from './mark.js';
import { type RequestId, readReceived } from './received.js';
import { resolvedRequest } from './turn-inbox.js';

interface Dependencies extends Omit<CodexAgentDependencies, 'bounds'> {
  readonly findProgram: FindProgram;
  readonly bounds?: CodexAgentDependencies['bounds'];
}

/** Longest look through what was written before, in milliseconds; a line that is never ended would be waited for. */
const LOOK_BACK_MS = 5_000;

/**
 * Runs Codex as `codex app-server`. The profile's arguments stand before that word, such as `-c` with a setting. Without
 * a policy among them a conversation may write in its workspace and asks for more.
 */
export function createCodexRuntime({ findProgram, bounds = CODEX_BOUNDS, ...needs }: Dependencies): AgentRuntime {
  const dependencies = { ...needs, bounds };

  async function commandOf({ agentId, profile, runId, tokenFile, signal }: AgentStart): Promise<CodexCommand> {
    if (profile.protocol !== 'codex') {
      throw new Error(`The Codex runtime cannot run a profile of the protocol ${profile.protocol}.`);
    }
    const { name, args = [], env, passEnv } = profile;
    const program = await requireProgram(profile, findProgram);
    requireWanted(name, signal);
    return { agentId, program, args: [...args, 'app-server'], env, passEnv, runId, tokenFile };
  }

  return {
    start: async (request) => createCodexAgent(dependencies, await commandOf(request), null),
    async attach(request) {
      const command = await commandOf(request);
      const mark = readMark(request.mark);
      const { isIdle = false } = request;
      // One that was told nothing yet is of no use: what it was started for begins anew.
      const number = mark?.process ?? 1;
      const process = await dependencies.processes.attach({ ...command, number });
      if (process === null) return null;
      if (mark === null || (isIdle && process.sent() === 0)) {
        await process.stop();
        return null;
      }
      const from = isIdle ? await process.size() : mark.from;
      const taken = await answeredBefore(process, from, needs.timer);
      return createCodexAgent(dependencies, command, {
        ...{ connection: createConnection(process, number, from), mark, taken },
      });
    },
    check: (request) =>
      greetAgent(request, {
        timer: needs.timer,
        start: async () => needs.processes.start({ ...(await commandOf(request)), number: 1, cwd: request.workspace }),
        greet: (process, signal) => greetCodex(process, needs.version, signal),
      }),
  };
}

/** Requests of Codex that its output shows to be over. */
async function answeredBefore(process: AgentProcess, from: number, timer: Timer): Promise<ReadonlySet<RequestId>> {
  const taken = new Set<RequestId>();
  const size = await process.size();
  if (size <= from) return taken;
  const stop = new AbortController();
  const cancel = timer(LOOK_BACK_MS, () => stop.abort());
  for await (const { message, end } of process.messages(from, stop.signal)) {
    const resolved = resolvedRequest(readReceived(message));
    if (resolved !== undefined) taken.add(resolved);
    if (end >= size) stop.abort();
  }
  cancel();
  return taken;
}
