import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';

/** Takes a whole turn. `react` may answer what it tells. */
export async function updatesOf(
  updates: AsyncIterable<AgentUpdate>,
  react: (update: AgentUpdate) => unknown = () => undefined,
): Promise<AgentUpdate[]> {
  const all: AgentUpdate[] = [];
  for await (const update of updates) {
    all.push(update);
    await react(update);
  }
  return all;
}
