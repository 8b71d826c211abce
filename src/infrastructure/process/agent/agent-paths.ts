import { join } from 'node:path';

/** What one program of an agent wrote to standard output, and to standard error. */
export interface AgentPaths {
  readonly output: string;
  readonly errors: string;
}

/** The files of the program with this number, in the agent's directory. */
export function agentPaths(directory: string, number: number): AgentPaths {
  const file = (ending: string) => join(directory, `${String(number)}.${ending}`);
  return { output: file('out'), errors: file('err') };
}
