import { z } from 'zod';
import { forgetObservation } from '../../domain/observation/observation.js';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import { ObservationId, type PromptId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { FoundRemembered } from '../ports/find-remembered.js';
import type { Stores } from '../ports/transaction.js';
import { withdrawSummary } from '../summary/withdraw-summary.js';

/** Most ids that are named at once. */
const MAX_IDS = 1_000;
/** So many are forgotten in one transaction: what waits behind it waits a few milliseconds. */
const STEP = 50;
/** So many of a kind are looked for at once. */
const FOUND_AT_ONCE = 10_000;
const MAX_QUERY = 1_000;

/** Ids, or a filter of which all must fit. `dryRun` only counts. */
export const Forget = z
  .strictObject({
    observationIds: z.array(ObservationId).min(1).max(MAX_IDS).optional(),
    sessionId: SessionId.optional(),
    workspaceId: WorkspaceId.optional(),
    file: z.string().min(1).max(MAX_PATH_LENGTH).optional(),
    since: Timestamp.optional(),
    until: Timestamp.optional(),
    query: z.string().trim().min(1).max(MAX_QUERY).optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ observationIds: ids, dryRun, ...filter }) =>
      (ids !== undefined) !== Object.values(filter).some((value) => value !== undefined),
    {
      message: 'Say what to forget: ids, or else a session, workspace, file, time or query.',
    },
  );
export type Forget = z.infer<typeof Forget>;

export const Forgotten = z.object({
  observations: z.int().nonnegative(),
  prompts: z.int().nonnegative(),
  toolUses: z.int().nonnegative(),
});
export type Forgotten = z.infer<typeof Forgotten>;

/**
 * Takes out for good what observations, prompts and tool uses say; that they were there stays known, so that no
 * transcript brings them back. Throws `not_found` when there is nothing that fits.
 */
export function createForget(needs: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'findRemembered'>) {
  return async ({ observationIds, workspaceId, dryRun, ...rest }: Forget): Promise<Forgotten> => {
    if (observationIds !== undefined) return forgetNamed(needs, observationIds, dryRun);
    const { sessionId } = rest;
    const workspaceIds = await needs.read(async ({ workspaces, sessions }) => {
      if (sessionId !== undefined) await sessions.get(sessionId);
      return workspaceId === undefined ? undefined : workspaces.sameRepository(workspaceId);
    });
    const filter = { ...rest, workspaceIds };
    const total = { observations: 0, prompts: 0, toolUses: 0 };
    for (;;) {
      const found = await needs.findRemembered(filter, FOUND_AT_ONCE);
      const { observations, prompts, toolUses } = found.counts;
      if (dryRun || observations + prompts + toolUses === 0) {
        if (!dryRun) break;
        if (observations + prompts + toolUses === 0) throw nothingFits();
        return found.counts;
      }
      total.observations += found.observationIds.length;
      total.prompts += found.prompts.length;
      total.toolUses += found.toolUses.length;
      await forgetFound(needs, found);
    }
    if (total.observations + total.prompts + total.toolUses === 0) throw nothingFits();
    const isWholeSession =
      sessionId !== undefined && Object.values({ ...rest, sessionId: undefined }).every((value) => value === undefined);
    if (isWholeSession) await needs.transaction((stores) => forgetSession(stores, sessionId, needs.clock()));
    return total;
  };
}

function nothingFits(): DomainError {
  return new DomainError('not_found', 'Nothing that is remembered fits; see what there is with: cw memory search');
}

async function forgetNamed(
  { transaction, read, clock }: Pick<Dependencies, 'transaction' | 'read' | 'clock'>,
  ids: readonly ObservationId[],
  dryRun: boolean,
): Promise<Forgotten> {
  const wanted = [...new Set(ids)];
  const found = await read(({ observations }) => observations.getMany(wanted));
  const missing = wanted.find((id) => !found.some((observation) => observation.id === id));
  if (missing !== undefined) throw notFound('observation', missing);
  if (dryRun) return { observations: wanted.length, prompts: 0, toolUses: 0 };
  return transaction(async (stores) => {
    let toolUses = 0;
    for (const id of wanted) toolUses += await forgetOne(stores, id, clock());
    for (const { sessionId } of found) if (sessionId !== null) await withdrawSummary(stores, sessionId, clock());
    return { observations: wanted.length, prompts: 0, toolUses };
  });
}

async function forgetFound(
  { transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>,
  { observationIds, prompts, toolUses }: FoundRemembered,
): Promise<void> {
  const sessionIds = new Set(toolUses.map(({ sessionId }) => sessionId));
  for (let at = 0; at < observationIds.length; at += STEP) {
    await transaction(async (stores) => {
      // A summary may have been replaced since it was found.
      for (const { id, status, sessionId } of await stores.observations.getMany(observationIds.slice(at, at + STEP))) {
        if (sessionId !== null) sessionIds.add(sessionId);
        if (status === 'kept') await forgetOne(stores, id, clock());
      }
    });
  }
  for (let at = 0; at < toolUses.length; at += STEP) {
    await transaction(async (stores) => {
      const now = clock();
      for (const use of toolUses.slice(at, at + STEP)) {
        await stores.toolUses.blank(use.sessionId, [use.toolUseId], now);
      }
    });
  }
  for (let at = 0; at < prompts.length; at += STEP) {
    await transaction(async (stores) => {
      for (const sessionId of await forgetPrompts(stores, prompts.slice(at, at + STEP))) sessionIds.add(sessionId);
    });
  }
  await transaction(async (stores) => {
    for (const sessionId of sessionIds) await withdrawSummary(stores, sessionId, clock());
  });
}

/** Forgets an observation and the tool uses that it was made of; says how many those are. */
async function forgetOne(
  { observations, toolUses, events }: Stores,
  id: ObservationId,
  now: Timestamp,
): Promise<number> {
  const observation = await observations.get(id);
  const { state, events: facts } = forgetObservation(observation, now);
  await observations.save(state);
  await events.forget([id]);
  await events.append(facts);
  if (observation.status !== 'kept' || observation.sessionId === null) return 0;
  await toolUses.blank(observation.sessionId, observation.toolUses, now);
  return observation.toolUses.length;
}

/** A prompt of the user becomes a private one, so that what still comes of its turn is not remembered either. Says of which sessions they were. */
async function forgetPrompts({ prompts, sessions }: Stores, ids: readonly PromptId[]): Promise<SessionId[]> {
  const found = await prompts.getMany(ids);
  for (const prompt of found) {
    if (prompt.who === 'user') await prompts.save({ ...prompt, text: '' });
    else await prompts.remove(prompt.id);
    if (prompt.number > 1) continue;
    const session = await sessions.get(prompt.sessionId);
    if (session.title !== '') await sessions.save({ ...session, title: '' });
  }
  return found.map(({ sessionId }) => sessionId);
}

async function forgetSession(
  { sessions, contexts, transcripts }: Stores,
  sessionId: SessionId,
  now: Timestamp,
): Promise<void> {
  const session = await sessions.get(sessionId);
  await sessions.save({ ...session, title: '' });
  await contexts.removeOf(sessionId);
  // What nobody has read of it yet is forgotten as well.
  await transcripts.skipUntil(sessionId, now);
}
