import { z } from 'zod';
import { ObservationId, SessionId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** What a session was handed of the memory: which observations, and how many tokens the text had as it was handed over. */
export const HandedContext = z.object({
  sessionId: SessionId,
  at: Timestamp,
  tokens: z.int().positive(),
  observationIds: z.array(ObservationId),
});
export type HandedContext = z.infer<typeof HandedContext>;
