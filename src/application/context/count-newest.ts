import { piecesOf } from '../../domain/context/draft-context.js';
import type { ObservationId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { createCountPieces } from './count-pieces.js';

/** Observations that are looked at in one turn: some 100 texts, whose hashes take the main thread half a millisecond. */
const PAGE = 32;
/** Most that are looked at: twice as many as one context chooses from. What is older is counted when it is first told. */
const MAX_LOOKED_AT = 256;

/** `all` looks also behind a page of which everything was counted before. */
export type CountNewest = (how: { readonly all: boolean }) => Promise<void>;

/**
 * Counts what a context may say of the newest observations and nobody has counted yet, off the main thread, page by page
 * from the newest on. What storage knows tells what is missing, so a run that broke off or never was is made up for.
 */
export function createCountNewest({
  read,
  ...needs
}: Pick<Dependencies, 'read' | 'transaction' | 'countTokens'>): CountNewest {
  const countPieces = createCountPieces(needs);
  return async ({ all }) => {
    let before: ObservationId | undefined;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += PAGE) {
      const from = before;
      const { page, missing } = await read(async ({ observations }) => {
        const found = await observations.list({ before: from, limit: PAGE });
        const pieces = found.flatMap(piecesOf);
        const known = await observations.lengths(
          pieces.map(({ text, observation }) => ({ observationId: observation.id, text })),
        );
        return { page: found, missing: pieces.filter(({ text }) => !known.has(text)) };
      });
      if (missing.length > 0) await countPieces(missing);
      else if (!all) return;
      if (page.length < PAGE) return;
      before = page.at(-1)?.id;
    }
  };
}
