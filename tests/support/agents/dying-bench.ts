/** A process that begins turns of plain agents as a server does, and then waits to be killed; its parent sends what to begin. */
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import type { AgentProfile } from '../../../src/domain/agent/agent-profile.js';
import { type AgentBenchOptions, type LeftAgent, openAgentBench } from './agent-bench.js';

/** What the parent sends. It is sent what was begun, in the same order. */
export interface BeginningTurns extends AgentBenchOptions {
  readonly turns: readonly { readonly profile: AgentProfile; readonly prompt: string }[];
}

process.once('message', ({ turns, ...options }: BeginningTurns) => {
  void begin().then((left) => process.send?.(left));

  async function begin(): Promise<LeftAgent[]> {
    const bench = await openAgentBench(options);
    const left: LeftAgent[] = [];
    for (const { profile, prompt } of turns) {
      const agent = await bench.start(profile);
      const turn = bench.turn(prompt);
      // Tells that the program runs. It is asked for nothing more, and never left: that would end it.
      const first: IteratorResult<AgentUpdate, undefined> = await agent.prompt(turn)[Symbol.asyncIterator]().next();
      left.push({ ...bench.last(), attempt: turn.attempt, pid: pidIn(first.value) });
    }
    return left;
  }
});

function pidIn(update: AgentUpdate | undefined): number {
  if (update?.type !== 'progress') throw new Error('It does not run.');
  return Number(/\d+/.exec(update.message)?.[0]);
}
