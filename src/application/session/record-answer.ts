import type { PreparedText } from '../../domain/privacy/prepare-text.js';
import { MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import type { Prompt } from '../../domain/session/prompt.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Capture } from './capture.js';
import { findRetold } from './find-retold.js';
import { type SessionOrigin, sessionOf } from './session-origin.js';
import { turnOf } from './turn-of.js';

/** `goesOn`: the turn had stopped before, was told to go on, and stops again; this is its answer now. */
export interface RecordAnswer {
  readonly session: SessionOrigin;
  /** Null when the agent does not name it; then it is the one that runs at that time. */
  readonly turn: string | null;
  readonly text: string;
  /** The text as it may be stored, where that was seen to before; then `text` is not looked at. */
  readonly prepared?: PreparedText | undefined;
  readonly goesOn: boolean;
  readonly at?: Timestamp | undefined;
}

/** Keeps the last words of an agent in a turn, one answer for each. Null when nothing is kept. */
export function createRecordAnswer({
  capture,
  redactor,
  transaction,
  clock,
  newId,
}: Pick<Dependencies, 'redactor' | 'transaction' | 'clock' | 'newId'> & { readonly capture: Capture }) {
  return async ({
    session: origin,
    turn: named,
    text: whole,
    prepared,
    goesOn,
    at,
  }: RecordAnswer): Promise<Prompt | null> => {
    if (!capture.takes(origin)) return null;
    const { text } = prepared ?? redactor.prepareText(whole, MAX_SAID_LENGTH);
    if (text.trim() === '') return null;
    const located = await capture.locate(origin);
    return transaction(async (stores) => {
      const now = clock();
      const session = await sessionOf(stores, located, newId, now);
      if (session.status === 'paused') return null;
      const { id: sessionId, workspaceId } = session;
      const said = await turnOf(stores, session, named, at ?? now);
      if (said.isPrivate) return null;
      // One of no turn that is known is known by its time.
      const turn = said.turn ?? (at === undefined ? null : `at:${String(at)}`);
      const known =
        (turn === null ? undefined : await stores.prompts.findByTurn(sessionId, turn, 'agent')) ??
        (await findRetold(stores, { sessionId, who: 'agent', turn, text, at: at ?? now }));
      if (known !== undefined) {
        if (!goesOn || known.text === text) return known;
        const answer = { ...known, text, at: at ?? now };
        await stores.prompts.save(answer);
        await stores.dueSummaries.mark(sessionId);
        return answer;
      }
      const number = said.number ?? session.prompts;
      const id = newId('prompt');
      const answer: Prompt = { id, sessionId, workspaceId, number, who: 'agent', turn, text, at: at ?? now };
      await stores.prompts.insert(answer);
      await stores.dueSummaries.mark(sessionId);
      return answer;
    });
  };
}
