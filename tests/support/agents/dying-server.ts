/** A process that starts an agent's program as a server does, and then waits to be killed; its parent sends what to start. */
import type { AgentProcessRequest } from '../../../src/application/ports/agent-process.js';
import { testAgentProcesses } from './test-agent-processes.js';

/** What the parent sends. */
export interface Beginning {
  readonly directory: string;
  readonly request: AgentProcessRequest;
  /** Lines that are sent to the program; all of them are taken before the parent is told. */
  readonly lines: readonly string[];
  readonly leaseMs: number;
}

process.once('message', ({ directory, request, lines, leaseMs }: Beginning) => {
  void begin().then((pid) => process.send?.({ pid }));

  async function begin(): Promise<number> {
    const agent = await testAgentProcesses(directory, undefined, leaseMs).start(request);
    for (const line of lines) await agent.send(line);
    return agent.pid;
  }
});
