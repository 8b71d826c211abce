import { join } from 'node:path';
import type { AgentId } from '../../../domain/shared/id.js';

/** Where the files of one process of an agent are. */
export interface AgentPaths {
  readonly directory: string;
  /** What it wrote to standard output, and to standard error. */
  readonly output: string;
  readonly errors: string;
}

/** `<agentsDirectory>/<agentId>/<number>.…`; both come from this server and have no form that leads elsewhere. */
export function agentPaths(agentsDirectory: string, agentId: AgentId, number: number): AgentPaths {
  const directory = join(agentsDirectory, agentId);
  const file = (ending: string) => join(directory, `${String(number)}.${ending}`);
  return { directory, output: file('out'), errors: file('err') };
}
