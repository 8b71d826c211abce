import { decodeId } from '../../domain/shared/id.js';
import type { ReadyExcept } from '../../domain/task/task-repository.js';

/** What ready tasks have in common that wait behind each other. Fallback and group are empty for none. */
export type Lane = [workspace: number, agent: string, fallback: string, group: string];

/** Which lanes are passed over, looked up by sets: there may be a thousand of either. */
export class LaneFilter {
  /** The keys of tasks that may go although their group is passed over. */
  readonly holders: readonly number[];
  readonly #workspaces: ReadonlySet<number>;
  readonly #agents: ReadonlySet<string>;
  readonly #heldAgents: ReadonlySet<string>;
  readonly #groups: ReadonlySet<string>;
  readonly #inOrder: ReadonlySet<string>;
  readonly #holders: ReadonlySet<number>;

  constructor({ workspaces, agents, heldAgents, groups, inOrder, holders }: ReadyExcept) {
    this.holders = holders.map(decodeId);
    this.#workspaces = new Set(workspaces.map(decodeId));
    this.#agents = new Set(agents);
    this.#heldAgents = new Set(heldAgents);
    this.#groups = new Set(groups);
    this.#inOrder = new Set(inOrder);
    this.#holders = new Set(this.holders);
  }

  isInOrder(group: string): boolean {
    return this.#inOrder.has(group);
  }

  /** Whether the tasks of this lane may go, or the one of them with this key. */
  lets([workspace, agent, fallback, group]: Lane, key?: number): boolean {
    if (this.#workspaces.has(workspace) || this.#heldAgents.has(agent)) return false;
    if (this.#agents.has(agent) && (fallback === '' || this.#isShut(fallback))) return false;
    return !this.#groups.has(group) || (key !== undefined && this.#holders.has(key));
  }

  #isShut(agent: string): boolean {
    return this.#agents.has(agent) || this.#heldAgents.has(agent);
  }
}

/** Whether all lanes may go. */
export function passesNothingOver(except: ReadyExcept): boolean {
  const { workspaces, agents, heldAgents, groups, inOrder } = except;
  return workspaces.length + agents.length + heldAgents.length + groups.length + inOrder.length === 0;
}
