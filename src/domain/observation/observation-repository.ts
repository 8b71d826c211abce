import type { ObservationId, SessionId, WorkspaceId } from '../shared/id.js';
import type { KeptObservation, Observation, ObservationType } from './observation.js';
import type { TextLength, TextOf } from './text-length.js';

/** Which kept observations a list shows, newest first. Without workspaces: those of all. */
export interface ObservationFilter {
  readonly workspaceIds?: readonly WorkspaceId[] | undefined;
  readonly sessionId?: SessionId | undefined;
  readonly types?: readonly ObservationType[] | undefined;
  readonly before?: ObservationId | undefined;
  readonly limit: number;
}

export interface ObservationReader {
  /** Throws `not_found`. */
  get(id: ObservationId): Promise<Observation>;
  /** Those that there are, in the order asked for. */
  getMany(ids: readonly ObservationId[]): Promise<Observation[]>;
  list(filter: ObservationFilter): Promise<KeptObservation[]>;
  /** The pinned ones of these workspaces, newest first. */
  pinned(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]>;
  /** The newest summary of a session. */
  summaryOf(sessionId: SessionId): Promise<KeptObservation | undefined>;
  /** The summaries of these workspaces, newest first. */
  lastSummaries(workspaceIds: readonly WorkspaceId[], limit: number): Promise<KeptObservation[]>;
  /** The tokens of those of these texts that were counted before. */
  lengths(texts: readonly TextOf[]): Promise<ReadonlyMap<string, number>>;
}

export interface ObservationRepository extends ObservationReader {
  insert(observation: KeptObservation): Promise<void>;
  save(observation: Observation): Promise<void>;
  /** Keeps what was counted, of what is not forgotten, until the observation changes. */
  keepLengths(lengths: readonly TextLength[]): Promise<void>;
}
