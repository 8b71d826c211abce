import type { AgentId, WorkspaceId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import { claim } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { type Accounts, openGates } from '../limit/open-gates.js';
import type { TaskSettings } from '../limits.js';
import { NO_RULES, openQueueRules } from '../queue/open-queue-rules.js';

/** The places in the pool, as a claim sees them. */
export interface Slots {
  /** How many tasks could be taken right now. */
  free(): number;
  /** Workspaces that have as many agents as they may. */
  fullWorkspaces(): readonly WorkspaceId[];
  /** The groups of the tasks whose agents have not been given back, also of those that are being ended. */
  groups(): readonly string[];
  /** Takes a place for this task, or undefined when its workspace is full. */
  reserve(task: PendingTask): AgentId | undefined;
  /** Gives a place back whose claim was not committed. */
  cancel(agentId: AgentId): void;
}

/** What a claim took, when the next rate opens that lets none start now, and whether a group goes one task at a time. */
export interface Claimed {
  readonly tasks: readonly ProcessingTask[];
  readonly opensAt: Timestamp | null;
  readonly hasExclusive: boolean;
}

/**
 * Takes as many ready tasks as there are places, in queue order, for the server with the instance id `owner`. Left out
 * are those of accounts that have reached a limit, and those that a limit of the user keeps waiting.
 */
export function createClaimTasks({
  transaction,
  clock,
  profiles,
  settings,
}: Pick<Dependencies, 'transaction' | 'clock'> & {
  readonly settings: { readonly tasks: Pick<TaskSettings, 'agingMs'> };
  readonly profiles: Accounts;
}) {
  const { agingMs = null } = settings.tasks;
  return async (slots: Slots, owner: string): Promise<Claimed> => {
    const reserved: AgentId[] = [];
    try {
      return await transaction(async (stores) => {
        const { tasks, queue, events } = stores;
        const claimed: ProcessingTask[] = [];
        const { paused, limited, ruled } = await queue.get();
        if (paused) return { tasks: claimed, opensAt: null, hasExclusive: false };
        const gates = limited ? await openGates(stores, profiles, clock()) : null;
        const rules = ruled ? await openQueueRules(stores, slots.groups(), clock()) : NO_RULES;
        for (let free = slots.free(); free > 0; free = slots.free()) {
          const before = claimed.length;
          const agents = gates?.shut() ?? [];
          const { workspaces, ...others } = rules.except(agents);
          const except = { agents, workspaces: [...slots.fullWorkspaces(), ...workspaces], ...others };
          for (const ready of await tasks.ready(free, except, agingMs)) {
            const admitted = gates === null ? { state: ready, events: [] } : gates.admit(ready, clock());
            if (admitted === undefined || !rules.lets(ready.agent, admitted.state)) continue;
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
            await rules.took(state);
            claimed.push(state);
          }
          if (claimed.length === before) break;
        }
        return { tasks: claimed, opensAt: rules.opensAt(), hasExclusive: rules.hasExclusive };
      });
    } catch (error) {
      for (const agentId of reserved) slots.cancel(agentId);
      throw error;
    }
  };
}
