import { type QueuePart, rateOpensAt } from '../../domain/queue-limit/queue-limit.js';
import type { CountedLimit, GroupHolder } from '../../domain/queue-limit/queue-limit-repository.js';
import type { TaskId, WorkspaceId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { PendingTask, ProcessingTask, Task } from '../../domain/task/task.js';
import type { ReadyExcept } from '../../domain/task/task-repository.js';
import type { Stores } from '../ports/transaction.js';

/** Whom the limits that the user has set let through, as one claim sees them and counts on. */
export interface QueueRules {
  /** Whom they pass over now, beside agents whose account is closed. */
  except(closedAgents: readonly string[]): Omit<ReadyExcept, 'agents'>;
  /** Whether a task of this agent may be handed out, as `task`: the same, or rerouted to its fallback. */
  lets(agent: string, task: PendingTask): boolean;
  /** Counts a task that was handed out. */
  took(task: ProcessingTask): Promise<void>;
  /** When the first rate opens of those that are used up, or null. */
  opensAt(): Timestamp | null;
  /** Whether there is a group that goes one task at a time. */
  readonly hasExclusive: boolean;
}

/** A part of the queue with its limit, and what is counted of it. */
interface Ruled {
  readonly limit: CountedLimit;
  running: number;
  /** When its rate lets the next one start; null when it does now. */
  opensAt: Timestamp | null;
  /** Exclusive groups: whether a task has it, and which alone may go on. */
  isHeld: boolean;
  holder: TaskId | null;
}

/** No limit is set. */
export const NO_RULES: QueueRules = {
  except: () => ({ workspaces: [], heldAgents: [], groups: [], inOrder: [], holders: [] }),
  lets: () => true,
  took: async () => undefined,
  opensAt: () => null,
  hasExclusive: false,
};

/** Reads all limits. `endingGroups` are those of tasks whose agent has not ended yet, although they may have. */
export async function openQueueRules(
  { queueLimits, tasks }: Pick<Stores, 'queueLimits' | 'tasks'>,
  endingGroups: readonly string[],
  now: Timestamp,
): Promise<QueueRules> {
  const all = await queueLimits.all();
  const ruled = new Map<string, Ruled>();
  for (const limit of all) ruled.set(keyOf(limit), await read(limit));
  const hasExclusive = all.some(({ exclusive }) => exclusive);
  if (all.some(({ max }) => max !== null)) await countRunning();
  if (hasExclusive) await findHolders();

  async function read(limit: CountedLimit): Promise<Ruled> {
    const { rate, newestStart, oldestStart } = limit;
    // The clock was set back: without this, no task would start until it has caught up.
    if (newestStart !== null && newestStart > now) await queueLimits.pullBackStarts(limit, now);
    const oldest = oldestStart === null ? null : Math.min(oldestStart, now);
    const opensAt = rate === null ? null : rateOpensAt(rate, oldest, now);
    return { limit, running: 0, opensAt, isHeld: false, holder: null };
  }

  async function countRunning(): Promise<void> {
    for (const task of await tasks.running()) for (const one of of(task)) one.running += 1;
  }

  async function findHolders(): Promise<void> {
    for (const { group, taskId, mayGoOn } of await queueLimits.holders()) hold(group, mayGoOn ? taskId : null);
    for (const group of endingGroups) hold(group, null);
  }

  function hold(group: GroupHolder['group'], holder: TaskId | null): void {
    const one = ruled.get(keyOf({ kind: 'group', name: group }));
    if (one?.limit.exclusive !== true) return;
    one.isHeld = true;
    one.holder = holder;
  }

  function* of({ agent, workspaceId, group }: Pick<Task, 'agent' | 'workspaceId' | 'group'>): Generator<Ruled> {
    const parts: (Ruled | undefined)[] = [
      ruled.get(keyOf({ kind: 'agent', name: agent })),
      ruled.get(keyOf({ kind: 'workspace', name: workspaceId })),
      group === null ? undefined : ruled.get(keyOf({ kind: 'group', name: group })),
    ];
    for (const one of parts) if (one !== undefined) yield one;
  }

  return {
    hasExclusive,

    except(closedAgents) {
      const closed = new Set(closedAgents);
      const workspaces: WorkspaceId[] = [];
      const heldAgents: string[] = [];
      const groups: string[] = [];
      const inOrder: string[] = [];
      const holders: TaskId[] = [];
      for (const one of ruled.values()) {
        const { limit } = one;
        const isShut = isFull(one);
        switch (limit.kind) {
          case 'agent':
            // One that is full and closed is no reason to keep its tasks from their fallback; a pause is.
            if (isShut && (limit.paused || !closed.has(limit.name))) heldAgents.push(limit.name);
            break;
          case 'workspace':
            if (isShut) workspaces.push(limit.name);
            break;
          case 'group':
            if (isShut || one.isHeld) groups.push(limit.name);
            else if (limit.exclusive) inOrder.push(limit.name);
            if (!isShut && one.holder !== null) holders.push(one.holder);
            break;
        }
      }
      return { workspaces, heldAgents, groups, inOrder, holders };
    },

    lets(agent, task) {
      if (ruled.get(keyOf({ kind: 'agent', name: agent }))?.limit.paused === true) return false;
      for (const one of of(task)) if (isFull(one) || (one.isHeld && one.holder !== task.id)) return false;
      return true;
    },

    async took(task) {
      for (const one of of(task)) {
        const { rate, exclusive } = one.limit;
        one.running += 1;
        one.holder = null;
        if (exclusive) one.isHeld = true;
        if (rate !== null) {
          const oldest = await queueLimits.noteStart(one.limit, rate, task.startedAt);
          one.opensAt = rateOpensAt(rate, oldest, task.startedAt);
        }
      }
    },

    opensAt() {
      const openings = [...ruled.values()].map(({ opensAt }) => opensAt).filter((at) => at !== null);
      return openings.length === 0 ? null : Math.min(...openings);
    },
  };
}

function isFull({ limit: { paused, max }, running, opensAt }: Ruled): boolean {
  return paused || (max !== null && running >= max) || opensAt !== null;
}

function keyOf({ kind, name }: QueuePart): string {
  return `${kind} ${name}`;
}
