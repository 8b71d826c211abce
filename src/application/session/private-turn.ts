import { isPrivate } from '../../domain/session/prompt.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Stores } from '../ports/transaction.js';

/** Whether a turn is private; one without a name is the one that the session's last prompt has begun. */
export async function isPrivateTurn({ prompts }: Stores, sessionId: SessionId, turn: string | null): Promise<boolean> {
  const prompt = turn === null ? await prompts.lastAsked(sessionId) : await prompts.findByTurn(sessionId, turn, 'user');
  return prompt !== undefined && isPrivate(prompt);
}
