import { MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import type { Prompt } from '../../domain/session/prompt.js';
import type { Session } from '../../domain/session/session.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import type { Capture } from './capture.js';
import { isPrivateTurn } from './private-turn.js';
import { type SessionOrigin, sessionOf } from './session-origin.js';

/** `goesOn`: the turn had stopped before, was told to go on, and stops again; this is its answer now. */
export interface RecordAnswer {
  readonly session: SessionOrigin;
  /** Null when the agent does not name it; then it is the one that runs at that time. */
  readonly turn: string | null;
  readonly text: string;
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
  return async ({ session: origin, turn, text: whole, goesOn, at }: RecordAnswer): Promise<Prompt | null> => {
    if (!capture.takes(origin)) return null;
    const { text } = redactor.prepareText(whole, MAX_SAID_LENGTH);
    if (text.trim() === '') return null;
    const located = await capture.locate(origin);
    return transaction(async (stores) => {
      const now = clock();
      const session = await sessionOf(stores, located, newId, now);
      if (session.status === 'paused' || (await isPrivateTurn(stores, session.id, turn))) return null;
      const known = turn === null ? undefined : await stores.prompts.findByTurn(session.id, turn, 'agent');
      if (known !== undefined) {
        if (!goesOn || known.text === text) return known;
        const answer = { ...known, text, at: at ?? now };
        await stores.prompts.save(answer);
        return answer;
      }
      const number = await numberOf(stores, session, turn);
      const { id: sessionId, workspaceId } = session;
      const id = newId('prompt');
      const answer: Prompt = { id, sessionId, workspaceId, number, who: 'agent', turn, text, at: at ?? now };
      await stores.prompts.insert(answer);
      return answer;
    });
  };
}

/** The number of the prompt that is answered; of the last one when it is not known which. */
async function numberOf({ prompts }: Stores, { id, prompts: last }: Session, turn: string | null): Promise<number> {
  if (turn === null) return last;
  const asked = (await prompts.findByTurn(id, turn, 'user')) ?? (await prompts.findByTurn(id, turn, 'system'));
  return asked?.number ?? last;
}
