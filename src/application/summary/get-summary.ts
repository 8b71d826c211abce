import { z } from 'zod';
import { ObservationOrigin } from '../../domain/observation/observation.js';
import { ObservationId, SessionId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { parseSummary, SummaryParts } from '../../domain/summary/summary.js';
import type { Dependencies } from '../dependencies.js';
import type { MakeSummary } from './make-summary.js';

export const GetSummary = z.strictObject({ sessionId: SessionId });
export type GetSummary = z.infer<typeof GetSummary>;

/** `parts` is null for one that is not in four parts, such as an imported one; `text` is always all of it. */
export const SessionSummary = z.object({
  sessionId: SessionId,
  observationId: ObservationId,
  at: Timestamp,
  origin: ObservationOrigin,
  text: z.string(),
  parts: SummaryParts.nullable(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

/** What is known of a session in short; null when there is nothing yet. Throws `not_found`. */
export function createGetSummary({ read }: Pick<Dependencies, 'read'>) {
  return ({ sessionId }: GetSummary): Promise<SessionSummary | null> =>
    read(async ({ sessions, observations }) => {
      await sessions.get(sessionId);
      const summary = await observations.summaryOf(sessionId);
      if (summary === undefined) return null;
      const { id: observationId, createdAt: at, origin, narrative: text } = summary;
      return { sessionId, observationId, at, origin, text, parts: parseSummary(text) };
    });
}

/** Makes the summary of a session now, of what is distilled by now; null when there is nothing to tell. */
export function createSummarizeSession({
  read,
  transaction,
  makeSummary,
}: Pick<Dependencies, 'read' | 'transaction'> & { readonly makeSummary: MakeSummary }) {
  const getSummary = createGetSummary({ read });
  return async ({ sessionId }: GetSummary): Promise<SessionSummary | null> => {
    await transaction(async ({ sessions, dueSummaries }) => {
      await sessions.get(sessionId);
      await dueSummaries.mark(sessionId);
    });
    await makeSummary(sessionId);
    return getSummary({ sessionId });
  };
}
