import type { AgentId, WorkspaceId } from '../../domain/shared/id.js';
import type { PoolSettings } from '../limits.js';
import type { RunningAgent } from '../ports/agent-runtime.js';

/** A place in the pool and the agent in it. An agent that is being stopped keeps its place until it is gone. */
export interface Place {
  readonly agentId: AgentId;
  readonly profile: string;
  state: 'starting' | 'idle' | 'busy' | 'stopping';
  workspaceId: WorkspaceId | null;
  /** That of its task. */
  group: string | null;
  /** The agent, once somebody has asked for it. */
  started: Promise<RunningAgent> | null;
  /** Ends the place's previous agent, for which there is no room beside it. */
  readonly vacated: Promise<unknown>;
  /** Aborted when the agent is stopped. */
  readonly abandon: AbortController;
  /** Whether a later server can take the agent over. */
  canBeTakenOver: boolean;
  /** Whether it is found again in a turn that has told no mark. */
  isFoundByAttempt: boolean;
  callOffRetirement: () => void;
}

/** Which places are taken, by whom, and how many may be. */
export interface Places {
  get(agentId: AgentId): Place | undefined;
  all(): Place[];
  /** Takes a new place for an agent that is yet to be started. */
  add(place: Pick<Place, 'agentId' | 'profile' | 'workspaceId' | 'group' | 'vacated'>): Place;
  /** False when it is gone already. */
  remove(agentId: AgentId): boolean;
  /** Places without an agent, or with one that is idle. */
  free(): number;
  /** True while there is a place without an agent. */
  hasRoom(): boolean;
  isFull(workspaceId: WorkspaceId): boolean;
  fullWorkspaces(): WorkspaceId[];
  /** The groups of the tasks that places were taken for, each once. */
  groups(): string[];
  /** An agent that waits for work, of this profile if one is named. */
  idle(profile?: string): Place | undefined;
  count(state: Place['state']): number;
}

export function createPlaces({ max, maxPerWorkspace }: Pick<PoolSettings, 'max' | 'maxPerWorkspace'>): Places {
  const places = new Map<AgentId, Place>();

  function countWhere(matches: (place: Place) => boolean): number {
    let n = 0;
    for (const place of places.values()) if (matches(place)) n += 1;
    return n;
  }

  const count = (state: Place['state']) => countWhere((place) => place.state === state);
  const isFull = (workspaceId: WorkspaceId) =>
    countWhere((place) => place.workspaceId === workspaceId) >= maxPerWorkspace;

  return {
    get: (agentId) => places.get(agentId),
    all: () => [...places.values()],
    add(fields) {
      const abandon = new AbortController();
      const place: Place = {
        ...fields,
        state: 'starting',
        started: null,
        abandon,
        canBeTakenOver: false,
        isFoundByAttempt: false,
        callOffRetirement: () => {},
      };
      places.set(place.agentId, place);
      return place;
    },
    remove: (agentId) => places.delete(agentId),
    free: () => Math.max(0, max - places.size + count('idle')),
    hasRoom: () => places.size < max,
    isFull,
    fullWorkspaces() {
      const used = new Set<WorkspaceId>();
      for (const { workspaceId } of places.values()) if (workspaceId !== null) used.add(workspaceId);
      return [...used].filter(isFull);
    },
    groups() {
      const groups = [...places.values()].map(({ group }) => group).filter((group) => group !== null);
      return [...new Set(groups)];
    },
    idle(profile) {
      for (const place of places.values()) {
        if (place.state === 'idle' && (profile === undefined || place.profile === profile)) return place;
      }
      return undefined;
    },
    count,
  };
}
