import type { Prompt } from '../../domain/session/prompt.js';
import { namedBy } from '../../domain/session/prompt-turn.js';
import type { Stores } from '../ports/transaction.js';

/** A hook and a transcript tell of the same prompt within so many milliseconds: other hooks may hold the agent up. */
const APART_MS = 60_000;
/** Prompts looked at; nobody says more within that time. */
const LOOKED_AT = 100;

/**
 * The prompt that is told of here a second time, in the same words and at about the same time, under a name that somebody
 * else gave to its turn; undefined when there is none.
 */
export async function findRetold(
  { prompts }: Pick<Stores, 'prompts'>,
  { sessionId, who, turn, text, at }: Pick<Prompt, 'sessionId' | 'who' | 'turn' | 'text' | 'at'>,
): Promise<Prompt | undefined> {
  const near = await prompts.saidBetween({
    sessionId,
    who,
    from: at - APART_MS,
    to: at + APART_MS,
    limit: LOOKED_AT,
  });
  return near.find((known) => known.text === text && namedBy(known.turn) !== namedBy(turn));
}
