import type { AgentId, WorkspaceId } from '../../domain/shared/id.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import { claim } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';

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

/** Takes as many ready tasks as there are places, in queue order, for the server with the instance id `owner`. */
export function createClaimTasks({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return async (slots: Slots, owner: string): Promise<ProcessingTask[]> => {
    const reserved: AgentId[] = [];
    try {
      return await transaction(async ({ tasks, queue, events }) => {
        const claimed: ProcessingTask[] = [];
        if ((await queue.get()).paused) return claimed;
        for (let free = slots.free(); free > 0; free = slots.free()) {
          const before = claimed.length;
          for (const task of await tasks.ready(free, slots.fullWorkspaces())) {
            const agentId = slots.reserve(task);
            if (agentId === undefined) continue;
            reserved.push(agentId);
            const { state, events: facts } = claim(task, { agentId, owner }, clock());
            await tasks.save(state);
            await tasks.openAttempt(state);
            await events.append(facts);
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
