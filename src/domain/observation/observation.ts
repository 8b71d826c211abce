import { z } from 'zod';
import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import { ObservationId, SessionId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** `note` is what a user or an agent wrote down; `summary` tells of a whole session or a stretch of it. */
export const ObservationType = z.enum([
  'change',
  'fix',
  'feature',
  'refactor',
  'decision',
  'discovery',
  'test',
  'command',
  'note',
  'summary',
]);
export type ObservationType = z.infer<typeof ObservationType>;

/** Who made it: a distiller (`rules` or `model`), a person, an agent, or another program whose memory was imported. */
export const ObservationOrigin = z.enum(['rules', 'model', 'user', 'agent', 'import']);
export type ObservationOrigin = z.infer<typeof ObservationOrigin>;

/**
 * `toolUses` are the tool-use ids, within the session, that it was distilled from; `turn` is how the agent names the
 * turn that it came from. A pinned one is always handed back.
 */
const Recorded = z.object({
  id: ObservationId,
  workspaceId: WorkspaceId,
  sessionId: SessionId.nullable(),
  type: ObservationType,
  origin: ObservationOrigin,
  pinned: z.boolean(),
  turn: z.string().nullable(),
  title: z.string(),
  narrative: z.string(),
  facts: z.array(z.string()),
  concepts: z.array(z.string()),
  filesRead: z.array(z.string()),
  filesModified: z.array(z.string()),
  toolUses: z.array(z.string()),
  createdAt: Timestamp,
});

export const KeptObservation = Recorded.extend({ status: z.literal('kept') });
export type KeptObservation = z.infer<typeof KeptObservation>;

/** Only its id and its place stay; what it said is gone. */
const ForgottenObservation = Recorded.pick({
  id: true,
  workspaceId: true,
  sessionId: true,
  createdAt: true,
}).extend({
  status: z.literal('forgotten'),
  forgottenAt: Timestamp,
});
export type ForgottenObservation = z.infer<typeof ForgottenObservation>;

/** What is worth remembering of one or more tool uses. `kept ──forget──▶ forgotten` */
export const Observation = z.discriminatedUnion('status', [KeptObservation, ForgottenObservation]);
export type Observation = z.infer<typeof Observation>;

export interface ObservationEvent {
  type: 'observation.created' | 'observation.forgotten';
  at: Timestamp;
  observationId: ObservationId;
  workspaceId: WorkspaceId;
  sessionId?: SessionId;
  data: { type?: ObservationType; title?: string };
}

export function recordObservation(
  observation: Omit<KeptObservation, 'status' | 'createdAt'>,
  now: Timestamp,
): Change<KeptObservation, ObservationEvent> {
  const state: KeptObservation = { ...observation, status: 'kept', createdAt: now };
  const { type, title } = observation;
  return { state, events: [{ type: 'observation.created', at: now, ...placeOf(state), data: { type, title } }] };
}

export function forgetObservation(
  observation: Observation,
  now: Timestamp,
): Change<ForgottenObservation, ObservationEvent> {
  if (observation.status !== 'kept') {
    throw new DomainError('invalid_transition', `Cannot forget ${observation.id}: it is forgotten already.`);
  }
  const { id, workspaceId, sessionId, createdAt } = observation;
  const state: ForgottenObservation = { id, workspaceId, sessionId, createdAt, status: 'forgotten', forgottenAt: now };
  return { state, events: [{ type: 'observation.forgotten', at: now, ...placeOf(state), data: {} }] };
}

function placeOf({ id, workspaceId, sessionId }: Observation) {
  return { observationId: id, workspaceId, ...(sessionId === null ? {} : { sessionId }) };
}
