/** The lengths of texts in tokens, in the order asked for. Rejects when it takes too long. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>;
