import type { AgentProfile } from '../../domain/agent/agent-profile.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { FindProgram } from '../ports/find-program.js';

type ProgramProfile = Exclude<AgentProfile, { protocol: 'shell' }>;

/** The absolute path of a profile's program. Throws `unavailable`, in one sentence, when it is not found. */
export async function requireProgram(
  { name, command, env }: ProgramProfile,
  findProgram: FindProgram,
): Promise<string> {
  const program = await findProgram(command, env?.['PATH']);
  if (program !== null) return program;
  throw new DomainError(
    'unavailable',
    `The agent ${name} cannot start: its program ${command} was not found. ` +
      `Install it, or correct agents.${name}.command in config.json.`,
  );
}

/** Throws `unavailable` for an agent that was stopped while it started. */
export function requireWanted(name: string, signal: AbortSignal): void {
  if (signal.aborted) throw new DomainError('unavailable', `The agent ${name} was stopped while it started.`);
}
