import { recordObservation } from '../../domain/observation/observation.js';
import type { Session } from '../../domain/session/session.js';
import { MAX_TITLE_LENGTH } from '../../domain/session/session-transitions.js';
import { cutText } from '../../domain/shared/cut-text.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { SummaryMaterial } from '../../domain/summary/summarize.js';
import { renderSummary, sessionSummarized } from '../../domain/summary/summary.js';
import type { Dependencies } from '../dependencies.js';
import type { Summarize, Summarized } from '../ports/summarizer.js';
import type { ReadStores, Stores } from '../ports/transaction.js';
import { dropSummary, ownSummaryOf } from './withdraw-summary.js';

/** The newest of a session that its summary is made from: some days of work, read in a few milliseconds. */
const OBSERVATIONS = 200;
const PROMPTS = 100;

/** Makes the summary of a session if one is due. */
export type MakeSummary = (sessionId: SessionId) => Promise<void>;

/**
 * A summary takes the place of the one before, and says that it is due no longer, in one transaction: whenever the
 * server ends, it is made once. What ends meanwhile, or is taken out, makes it start over. One is made after the other.
 */
export function createMakeSummary({
  read,
  transaction,
  newId,
  clock,
  summarize,
}: Pick<Dependencies, 'read' | 'transaction' | 'newId' | 'clock'> & { readonly summarize: Summarize }): MakeSummary {
  let turn: Promise<unknown> = Promise.resolve();

  async function make(sessionId: SessionId): Promise<void> {
    for (let isMade = false; !isMade; ) {
      const found = await read((stores) => materialOf(stores, sessionId));
      if (found === null) return;
      const { session, mark, material } = found;
      const made = await summarize(material, sessionId);
      isMade = await transaction(async (stores) => {
        if (!(await stores.dueSummaries.clear(sessionId, mark))) return false;
        await keep(stores, session, made);
        return true;
      });
    }
  }

  async function keep(stores: Stores, session: Session, { origin, parts }: Summarized): Promise<void> {
    const { observations, events } = stores;
    const old = await ownSummaryOf(stores, session.id);
    const narrative = parts === null ? null : renderSummary(parts);
    if ((old?.narrative ?? null) === narrative) return;
    const now = clock();
    if (old !== undefined) await dropSummary(stores, old, now);
    if (narrative === null) return;
    const { state, events: facts } = recordObservation(
      {
        id: newId('obs'),
        workspaceId: session.workspaceId,
        sessionId: session.id,
        type: 'summary',
        origin,
        pinned: old?.pinned ?? false,
        turn: null,
        title: cutText(`Session: ${session.title === '' ? session.agent : session.title}`, MAX_TITLE_LENGTH),
        narrative,
        facts: [],
        concepts: [],
        filesRead: [],
        filesModified: [],
        toolUses: [],
      },
      now,
    );
    await observations.insert(state);
    await events.append([...facts, sessionSummarized(state, session.id)]);
  }

  return (sessionId) => {
    const making = turn.then(() => make(sessionId));
    turn = making.catch(() => {});
    return making;
  };
}

/** Null when no summary is due. */
async function materialOf(
  { sessions, prompts, observations, dueSummaries }: ReadStores,
  sessionId: SessionId,
): Promise<{ session: Session; mark: number; material: SummaryMaterial } | null> {
  const mark = await dueSummaries.markOf(sessionId);
  if (mark === undefined) return null;
  const session = await sessions.get(sessionId);
  const said = await prompts.newest(sessionId, PROMPTS);
  const made = await observations.list({ sessionId, limit: OBSERVATIONS });
  const material: SummaryMaterial = {
    prompts: said.filter(({ who }) => who !== 'agent'),
    answers: said.filter(({ who }) => who === 'agent'),
    observations: made.reverse(),
    failure: session.status === 'failed' ? session.reason : null,
  };
  return { session, mark, material };
}
