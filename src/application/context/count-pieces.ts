import type { Piece } from '../../domain/context/draft-context.js';
import type { Dependencies } from '../dependencies.js';

export type CountPieces = (pieces: readonly Piece[]) => Promise<ReadonlyMap<string, number>>;

/** Counts the tokens of these pieces, off the main thread, and keeps the figures for the next context. */
export function createCountPieces({
  transaction,
  countTokens,
}: Pick<Dependencies, 'transaction' | 'countTokens'>): CountPieces {
  return async (pieces) => {
    const lengths = await countTokens(pieces.map(({ text }) => text));
    const counted = pieces.map(({ text, observation }, at) => {
      const tokens = lengths[at];
      if (tokens === undefined) throw new Error('A text was not counted.');
      return { observationId: observation.id, text, tokens };
    });
    await transaction(({ observations }) => observations.keepLengths(counted));
    return new Map(counted.map(({ text, tokens }) => [text, tokens]));
  };
}
