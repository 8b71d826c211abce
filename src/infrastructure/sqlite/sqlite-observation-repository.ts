import type { KeptObservation, Observation } from '../../domain/observation/observation.js';
import type {
  ObservationFilter,
  ObservationReader,
  ObservationRepository,
} from '../../domain/observation/observation-repository.js';
import type { TextLength, TextOf } from '../../domain/observation/text-length.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { ObservationId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { ObservationQueries, ObservationWrites } from './observation-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** Observations as a connection sees them; `guard` is asked before every read. */
export class SqliteObservationReader implements ObservationReader {
  readonly #queries: ObservationQueries;
  readonly #guard: () => void;

  constructor(queries: ObservationQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async get(id: ObservationId): Promise<Observation> {
    const [observation] = await this.getMany([id]);
    if (observation === undefined) throw notFound('observation', id);
    return observation;
  }

  async getMany(ids: readonly ObservationId[]): Promise<Observation[]> {
    this.#guard();
    return this.#queries.getMany(ids);
  }

  async list(filter: ObservationFilter): Promise<KeptObservation[]> {
    this.#guard();
    return this.#queries.list(filter);
  }

  async pinned(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]> {
    this.#guard();
    return this.#queries.pinned(workspaceIds, limit);
  }

  async summaryOf(sessionId: SessionId): Promise<KeptObservation | undefined> {
    this.#guard();
    return this.#queries.summaryOf(sessionId);
  }

  async lastSummaries(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]> {
    this.#guard();
    return this.#queries.lastSummaries(workspaceIds, limit);
  }

  async lengths(texts: readonly TextOf[]): Promise<ReadonlyMap<string, number>> {
    this.#guard();
    return this.#queries.lengths(texts);
  }
}

/** The observations as one transaction sees and changes them. */
export class SqliteObservationRepository extends SqliteObservationReader implements ObservationRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: ObservationWrites;

  constructor(transaction: OpenTransaction, queries: ObservationQueries, writes: ObservationWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async insert(observation: KeptObservation): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(observation);
  }

  async save(observation: Observation): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(observation)) throw notFound('observation', observation.id);
  }

  async keepLengths(lengths: readonly TextLength[]): Promise<void> {
    this.#transaction.writing();
    this.#writes.keepLengths(lengths);
  }
}
