import type { AgentRuntime, RunningAgent, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { AgentProfile } from '../../../domain/agent/agent-profile.js';
import { SYSTEM_SHELL } from './system-shell.js';

/** "Found but not executable" and "not found", as every POSIX shell exits for a command that it cannot start. */
const CANNOT_START = new Set([126, 127]);

/**
 * Runs each prompt as the user's own command line. It is the command runtime with the shell for a command, except that
 * a command line whose program is not there is not worth another try.
 */
export function createShellRuntime({ commandRuntime }: { commandRuntime: AgentRuntime }): AgentRuntime {
  return {
    findsByAttempt: true,
    start: async ({ profile, ...request }) =>
      shellAgent(await commandRuntime.start({ ...request, profile: commandOf(profile) })),
    async attach({ profile, ...request }) {
      const agent = await commandRuntime.attach?.({ ...request, profile: commandOf(profile) });
      return agent === undefined || agent === null ? null : shellAgent(agent);
    },
  };
}

function commandOf(profile: AgentProfile): AgentProfile {
  if (profile.protocol !== 'shell') {
    throw new Error(`The shell runtime cannot run a profile of the protocol ${profile.protocol}.`);
  }
  return { ...profile, ...SYSTEM_SHELL, protocol: 'command' };
}

function shellAgent(agent: RunningAgent): RunningAgent {
  return {
    prompt: (turn) => asShell(agent.prompt(turn), turn),
    resume(turn) {
      if (agent.resume === undefined) throw new Error('The command runtime goes on with no turn.');
      return asShell(agent.resume(turn), turn);
    },
    stop: () => agent.stop(),
  };
}

async function* asShell(updates: AsyncIterable<AgentUpdate>, { prompt }: Turn): AsyncGenerator<AgentUpdate> {
  for await (const update of updates) yield withUsageErrors(withCommandLine(update, prompt));
}

function withUsageErrors(update: AgentUpdate): AgentUpdate {
  if (update.type !== 'turn_end' || update.end.outcome !== 'failed') return update;
  const { error, exitCode, retry } = update.end;
  // What the profile says of an exit code is what the user knows of it.
  if (exitCode === null || retry !== undefined || !CANNOT_START.has(exitCode)) return update;
  return { ...update, end: { ...update.end, error: { ...error, code: 'usage' } } };
}

/** The command that was run is the user's own line, not the shell that ran it. */
function withCommandLine(update: AgentUpdate, command: string): AgentUpdate {
  if (update.type !== 'turn_end' || update.end.outcome === 'aborted' || update.end.ran === undefined) return update;
  return { ...update, end: { ...update.end, ran: { ...update.end.ran, command } } };
}
