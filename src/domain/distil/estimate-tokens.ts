/** Characters of a token, fewer than languages and code have on average: what is estimated is rather too much. */
const CHARACTERS_PER_TOKEN = 3;

/** Tokens of texts of which a model does not say how many they were: rather too many than too few. */
export function estimateTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / CHARACTERS_PER_TOKEN);
}
