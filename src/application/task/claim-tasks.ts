import type { AgentId, WorkspaceId } from '../../domain/shared/id.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import { claim } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { openGates } from '../limit/open-gates.js';

/** The places in the pool, as a claim sees them. */
export interface Slots {
  /** How many tasks could be taken right now. */
  free(): number;
  /** Workspaces that have as many agents as they may. */
  fullWorkspaces(): readonly WorkspaceId[];
  /** Takes a place for this task, or undefined when its workspace is full. */
  reserve(task: PendingTask): AgentId | undefined;
  /** Gives a place back whose claim was not committed. */
  cancel(agentId: AgentId): void;
}

/**
 * Takes as many ready tasks as there are places, in queue order, those of accounts that have reached a limit left out, for the server with the instance id `owner`.
 */
export function createClaimTasks({
  transaction,
  clock,
  profiles,
}: Pick<Dependencies, 'transaction' | 'clock' | 'profiles'>) {
  return async (slots: Slots, owner: string): Promise<ProcessingTask[]> => {
    const reserved: AgentId[] = [];
    try {
      return await transaction(async (stores) => {
        const { tasks, queue, events } = stores;
        const claimed: ProcessingTask[] = [];
        const { paused, limited } = await queue.get();
        if (paused) return claimed;
        const gates = limited ? await openGates(stores, profiles, clock()) : null;
        for (let free = slots.free(); free > 0; free = slots.free()) {
          const before = claimed.length;
          const except = { workspaces: slots.fullWorkspaces(), agents: gates?.shut() ?? [], groups: [] };
          for (const ready of await tasks.ready(free, except)) {
            const admitted = gates === null ? { state: ready, events: [] } : gates.admit(ready, clock());
            if (admitted === undefined) continue;
            const { state: task } = admitted;
            const agentId = slots.reserve(task);
            if (agentId === undefined) continue;
            reserved.push(agentId);
            if (task !== ready) {
              await tasks.save(task);
              await events.append(admitted.events);
            }
            const { state, events: facts } = claim(task, { agentId, owner }, clock());
            await tasks.save(state);
            await tasks.openAttempt(state);
            await events.append(facts);
            await gates?.took(state);
            claimed.push(state);
          }
          if (claimed.length === before) break;
        }
        return claimed;
      });
    } catch (error) {
      for (const agentId of reserved) slots.cancel(agentId);
      throw error;
    }
  };
}
