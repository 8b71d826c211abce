import type { ObservationId, SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';

/** Tool uses of which a model made nothing, the reason as a sentence, and what the rules made of them instead. */
export interface DeadLetter {
  readonly sessionId: SessionId;
  readonly toolUseIds: readonly [string, ...string[]];
  readonly observationIds: readonly ObservationId[];
  readonly reason: string;
  readonly at: Timestamp;
}
