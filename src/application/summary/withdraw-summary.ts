import { forgetObservation, type KeptObservation } from '../../domain/observation/observation.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Stores } from '../ports/transaction.js';

/**
 * Takes back the summary of a session of which something was taken out, for it may have told that. It is due again.
 * One that a person wrote or that was imported stays.
 */
export async function withdrawSummary(stores: Stores, sessionId: SessionId, now: Timestamp): Promise<void> {
  const summary = await ownSummaryOf(stores, sessionId);
  if (summary === undefined) return;
  await dropSummary(stores, summary, now);
  await stores.dueSummaries.mark(sessionId);
}

/** The summary of a session that we have made. */
export async function ownSummaryOf(
  { observations }: Pick<Stores, 'observations'>,
  sessionId: SessionId,
): Promise<KeptObservation | undefined> {
  const summary = await observations.summaryOf(sessionId);
  return summary?.origin === 'rules' || summary?.origin === 'model' ? summary : undefined;
}

/** Forgets a summary, and what the event log tells of it. */
export async function dropSummary(
  { observations, events }: Pick<Stores, 'observations' | 'events'>,
  summary: KeptObservation,
  now: Timestamp,
): Promise<void> {
  const { state, events: facts } = forgetObservation(summary, now);
  await observations.save(state);
  await events.forget([summary.id]);
  await events.append(facts);
}
