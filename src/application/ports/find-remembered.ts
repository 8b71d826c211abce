import type { ObservationId, PromptId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';

/** What of the memory is meant; all that is given must fit. */
export interface RememberedFilter {
  readonly sessionId?: SessionId | undefined;
  readonly workspaceIds?: readonly WorkspaceId[] | undefined;
  /** Inclusive, both. */
  readonly since?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
  /** A path, or the end of one from a segment on. Prompts have no files. */
  readonly file?: string | undefined;
  /** Every word must be there, in whatever case. */
  readonly query?: string | undefined;
}

/** Up to `limit` of each kind, and how many of each there are. */
export interface FoundRemembered {
  readonly observationIds: readonly ObservationId[];
  readonly prompts: readonly PromptId[];
  readonly toolUses: readonly { readonly sessionId: SessionId; readonly toolUseId: string }[];
  readonly counts: { readonly observations: number; readonly prompts: number; readonly toolUses: number };
}

/** Reads all that is remembered and finds what fits, off the main thread. */
export type FindRemembered = (filter: RememberedFilter, limit: number) => Promise<FoundRemembered>;
