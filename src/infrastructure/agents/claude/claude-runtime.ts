import { randomUUID } from 'node:crypto';
import { attachProcess } from '../../../application/agent/attach-process.js';
import { greetAgent } from '../../../application/agent/greet-agent.js';
import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime, AgentStart } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import { type ClaudeAgentNeeds, createClaudeAgent } from './claude-agent.js';
import { CLAUDE_LIMITS, type ClaudeLimits } from './limits.js';
import { readMark } from './mark.js';
import { type ClaudeProgram, greet, openingArgs } from './open-process.js';

interface Dependencies extends Omit<ClaudeAgentNeeds, 'limits'> {
  readonly findProgram: FindProgram;
  readonly limits?: ClaudeLimits;
}

/**
 * Runs Claude Code through its JSON lines. A process is started with the first turn of a conversation, in the directory
 * of that turn, and kept for the next ones of the same conversation.
 */
export function createClaudeRuntime({ findProgram, limits = CLAUDE_LIMITS, ...rest }: Dependencies): AgentRuntime {
  const needs = { ...rest, limits };

  async function programOf({ agentId, profile, runId, tokenFile }: AgentStart): Promise<ClaudeProgram> {
    if (profile.protocol !== 'claude') {
      throw new Error(`The Claude runtime cannot run a profile of the protocol ${profile.protocol}.`);
    }
    const { name, args = [], model, permissionMode, env, passEnv } = profile;
    const program = await requireProgram(profile, findProgram);
    const settings = [
      ...(model === undefined ? [] : ['--model', model]),
      ...(permissionMode === undefined ? [] : ['--permission-mode', permissionMode]),
    ];
    return { name, agentId, program, args: [...args, ...settings], env, passEnv, runId, tokenFile };
  }

  return {
    async start(request) {
      const program = await programOf(request);
      requireWanted(program.name, request.signal);
      return createClaudeAgent(needs, program, null);
    },
    async attach(request) {
      const left = await attachProcess(rest.agentProcesses, request, readMark);
      return left === null ? null : createClaudeAgent(needs, await programOf(request), left);
    },
    check: (request) =>
      greetAgent(request, {
        timer: rest.timer,
        async start() {
          const program = await programOf(request);
          const args = openingArgs(program.args, randomUUID(), { resume: false });
          return rest.agentProcesses.start({ ...program, number: 1, cwd: request.workspace, args });
        },
        // It tells its version with its first turn only.
        greet: async (process, signal) => ((await greet(process, signal)) ? { version: null, problem: null } : null),
      }),
  };
}
