import type { PreparedText } from '../../domain/privacy/prepare-text.js';
import { MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import { isPrivate, type Prompt, type Speaker } from '../../domain/session/prompt.js';
import { promptSession, recallPrompt } from '../../domain/session/session-transitions.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Capture } from './capture.js';
import { findRetold } from './find-retold.js';
import { isTaskSpeaking } from './is-task-speaking.js';
import { type SessionOrigin, sessionOf } from './session-origin.js';
import { withdrawTurn } from './withdraw-turn.js';

/** `turn` is how the agent names the turn that the prompt begins; null when it does not, and then every call counts. */
export interface RecordPrompt {
  readonly session: SessionOrigin;
  readonly who: Exclude<Speaker, 'agent'>;
  readonly turn: string | null;
  readonly text: string;
  /** The text as it may be stored, where that was seen to before; then `text` is not looked at. */
  readonly prepared?: PreparedText | undefined;
  readonly at?: Timestamp | undefined;
  /** It is told by a record of what was, and says nothing of whether the session goes on. */
  readonly isRecalled?: boolean;
}

/** Stands for a prompt that has no words, such as a picture. */
const WORDLESS = '(without words)';

/**
 * Keeps what was said to an agent, once for each turn; a session that had ended goes on. Null when nothing is kept. Of
 * a turn that is private only its place is kept, so that what belongs to it is known to be private too.
 */
export function createRecordPrompt({
  capture,
  redactor,
  transaction,
  clock,
  newId,
}: Pick<Dependencies, 'redactor' | 'transaction' | 'clock' | 'newId'> & { readonly capture: Capture }) {
  return async ({
    session: origin,
    who,
    turn,
    text,
    prepared,
    at,
    isRecalled = false,
  }: RecordPrompt): Promise<Prompt | null> => {
    if (!capture.takes(origin)) return null;
    const { isPrivate: isPrivateTurn, text: kept } = prepared ?? redactor.prepareText(text, MAX_SAID_LENGTH);
    const located = await capture.locate(origin);
    return transaction(async (stores) => {
      const now = clock();
      const session = await sessionOf(stores, located, newId, now);
      if (session.status === 'paused' || (await isTaskSpeaking(stores, session))) return null;
      const words = isPrivateTurn ? '' : kept.trim() === '' ? WORDLESS : kept;
      const said = { sessionId: session.id, who, turn, text: words, at: at ?? now };
      const known =
        (turn === null ? undefined : await stores.prompts.findByTurn(session.id, turn, who)) ??
        (await findRetold(stores, said)) ??
        // A transcript tells of it when the task is over; a task's turn has the task's name, and never the agent's.
        (session.taskId === null ? undefined : await findRetold(stores, { ...said, who: 'task', turn: null }));
      if (known !== undefined) return known;
      const { state, events } = (isRecalled ? recallPrompt : promptSession)(session, words, now);
      const { workspaceId, prompts: number } = state;
      const prompt = { ...said, id: newId('prompt'), workspaceId, number };
      await stores.sessions.save(state);
      await stores.prompts.insert(prompt);
      await stores.events.append(events);
      if (isPrivate(prompt)) await withdrawTurn(stores, prompt, now);
      return prompt;
    });
  };
}
