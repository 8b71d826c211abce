import { z } from 'zod';

/** Tokens as a response says them; undefined if it does not. Servers that do not count say 0 for a call that took some. */
export const TokenCount = z.int().positive().optional().catch(undefined);

/** Characters of a token, fewer than languages and code have on average: what is estimated is rather too much. */
const CHARACTERS_PER_TOKEN = 3;

/** Tokens of texts of which a model does not say how many they were: rather too many than too few. */
export function estimateTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / CHARACTERS_PER_TOKEN);
}
