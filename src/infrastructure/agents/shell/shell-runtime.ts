import type { AgentRuntime, RunningAgent } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import { SYSTEM_SHELL } from './system-shell.js';

/** "Found but not executable" and "not found", as every POSIX shell exits for a command that it cannot start. */
const CANNOT_START = new Set([126, 127]);

/**
 * Runs each prompt as the user's own command line. It is the command runtime with the shell for a command, except that
 * a command line whose program is not there is not worth another try.
 */
export function createShellRuntime({ commandRuntime }: { commandRuntime: AgentRuntime }): AgentRuntime {
  return {
    async start({ profile, ...request }) {
      if (profile.protocol !== 'shell') {
        throw new Error(`The shell runtime cannot run a profile of the protocol ${profile.protocol}.`);
      }
      const command = { ...profile, ...SYSTEM_SHELL, protocol: 'command' } as const;
      const agent = await commandRuntime.start({ ...request, profile: command });
      return shellAgent(agent);
    },
  };
}

function shellAgent(agent: RunningAgent): RunningAgent {
  return {
    async *prompt(turn) {
      for await (const update of agent.prompt(turn)) yield withUsageErrors(withCommandLine(update, turn.prompt));
    },
    stop: () => agent.stop(),
  };
}

function withUsageErrors(update: AgentUpdate): AgentUpdate {
  if (update.type !== 'turn_end' || update.end.outcome !== 'failed') return update;
  const { error, exitCode } = update.end;
  if (exitCode === null || !CANNOT_START.has(exitCode)) return update;
  return { ...update, end: { ...update.end, error: { ...error, code: 'usage' } } };
}

/** The command that was run is the user's own line, not the shell that ran it. */
function withCommandLine(update: AgentUpdate, command: string): AgentUpdate {
  if (update.type !== 'turn_end' || update.end.outcome === 'aborted' || update.end.ran === undefined) return update;
  return { ...update, end: { ...update.end, ran: { ...update.end.ran, command } } };
}
