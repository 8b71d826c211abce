import type { KeptObservation, Observation } from '../../domain/observation/observation.js';
import type {
  ObservationFilter,
  ObservationReader,
  ObservationRepository,
} from '../../domain/observation/observation-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { ObservationId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Observations as these rows show them. */
export class MemoryObservationReader implements ObservationReader {
  readonly #guard: Guard;
  readonly #observations: Rows<Observation>;

  constructor(guard: Guard, observations: Rows<Observation>) {
    this.#guard = guard;
    this.#observations = observations;
  }

  async get(id: ObservationId): Promise<Observation> {
    const [observation] = await this.getMany([id]);
    if (observation === undefined) throw notFound('observation', id);
    return observation;
  }

  async getMany(ids: readonly ObservationId[]): Promise<Observation[]> {
    this.#guard();
    return ids.map((id) => this.#observations.get(id)).filter((observation) => observation !== undefined);
  }

  async list({ workspaceIds, sessionId, types, before, limit }: ObservationFilter): Promise<KeptObservation[]> {
    this.#guard();
    const fits = (observation: Observation) =>
      observation.status === 'kept' &&
      (workspaceIds?.includes(observation.workspaceId) ?? true) &&
      (sessionId === undefined || observation.sessionId === sessionId) &&
      (types?.includes(observation.type) ?? true);
    return newest(this.#observations, { before, limit }, fits).filter(isKept);
  }

  async pinned(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]> {
    this.#guard();
    const fits = (observation: Observation) =>
      isKept(observation) && observation.pinned && workspaceIds.includes(observation.workspaceId);
    return newest(this.#observations, { limit }, fits).filter(isKept);
  }

  async summaryOf(sessionId: SessionId): Promise<KeptObservation | undefined> {
    return (await this.list({ sessionId, types: ['summary'], limit: 1 }))[0];
  }

  lastSummaries(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]> {
    return this.list({ workspaceIds, types: ['summary'], limit });
  }

  /** None is kept: it is counted anew each time. */
  async lengths(): Promise<ReadonlyMap<string, number>> {
    this.#guard();
    return new Map();
  }
}

/** The observations as one transaction sees and changes them. */
export class MemoryObservationRepository extends MemoryObservationReader implements ObservationRepository {
  readonly #guard: Guard;
  readonly #observations: MemoryTable<Observation>;

  constructor(guard: Guard, observations: MemoryTable<Observation>) {
    super(guard, observations);
    this.#guard = guard;
    this.#observations = observations;
  }

  async insert(observation: KeptObservation): Promise<void> {
    this.#guard();
    if (this.#observations.get(observation.id) !== undefined) throw new Error(`${observation.id} is there already.`);
    this.#observations.set(observation.id, observation);
  }

  async save(observation: Observation): Promise<void> {
    this.#guard();
    if (this.#observations.get(observation.id) === undefined) throw notFound('observation', observation.id);
    this.#observations.set(observation.id, observation);
  }

  async keepLengths(): Promise<void> {
    this.#guard();
  }
}

function isKept(observation: Observation): observation is KeptObservation {
  return observation.status === 'kept';
}
