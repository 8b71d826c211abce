import { draftContext, isWorthInFull } from '../../domain/context/draft-context.js';
import { type FittedContext, fitContext } from '../../domain/context/fit-context.js';
import { FIXED_LENGTHS } from '../../domain/context/fixed-lengths.js';
import { longestLength } from '../../domain/context/longest-length.js';
import { type AtHand, rankForContext } from '../../domain/context/rank-for-context.js';
import type { WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { createCountPieces } from './count-pieces.js';

/** Most of each kind that is looked at: more does not fit into any sensible budget. */
const MAX_PINNED = 50;
const MAX_SUMMARIES = 3;
const MAX_RECENT = 120;
/** So many of the best may be told in full. */
const MAX_IN_FULL = 8;

export interface ContextWanted extends AtHand {
  readonly workspaceId: WorkspaceId;
  /** Most tokens; 0 for no context at all. */
  readonly tokens: number;
  /** Whether to wait for lines to be counted. Otherwise they count as their bytes, and are counted for the next time. */
  readonly waits: boolean;
}

export interface MadeContext extends FittedContext {
  /** Whether every line was counted, so that `tokens` is the very length of the text, and not the most it can be. */
  readonly isCounted: boolean;
}

export type MakeContext = (wanted: ContextWanted) => Promise<MadeContext | null>;

/** Puts together what helps a session in this workspace, or in another one of its repository. Null for nothing. */
export function createMakeContext({
  read,
  logger,
  ...needs
}: Pick<Dependencies, 'read' | 'transaction' | 'countTokens' | 'logger'>): MakeContext {
  const countPieces = createCountPieces(needs);
  return async ({ workspaceId, tokens, waits, ...atHand }) => {
    if (tokens === 0) return null;
    const found = await read(async ({ workspaces, observations }) => {
      const workspaceIds = await workspaces.sameRepository(workspaceId);
      return {
        pinned: await observations.pinned(workspaceIds, MAX_PINNED),
        summaries: await observations.lastSummaries(workspaceIds, MAX_SUMMARIES),
        recent: await observations.list({ workspaceIds, limit: MAX_RECENT }),
      };
    });
    const { pinned, summaries, recent } = found;
    const chosen = rankForContext(
      recent.filter((observation) => !observation.pinned),
      atHand,
    );
    const sections = draftContext({ pinned, summaries, chosen }).map((section) =>
      section.isByTime
        ? section
        : {
            ...section,
            pieces: section.pieces.filter(({ observation }) => isWorthInFull(observation)).slice(0, MAX_IN_FULL),
          },
    );
    if (sections.every(({ pieces }) => pieces.length === 0)) return null;
    const pieces = sections.flatMap((section) => section.pieces);
    const known = await read(({ observations }) =>
      observations.lengths(pieces.map(({ text, observation }) => ({ observationId: observation.id, text }))),
    );
    const missing = pieces.filter(({ text }) => !known.has(text));
    const counting = missing.length === 0 ? Promise.resolve(new Map<string, number>()) : countPieces(missing);
    if (!waits) counting.catch((error: unknown) => logger.info('lines of a context were not counted', { error }));
    const counted = waits ? await counting : new Map<string, number>();
    const lengthOf = (text: string) => FIXED_LENGTHS.get(text) ?? known.get(text) ?? counted.get(text);
    const fitted = fitContext(sections, tokens, (text) => lengthOf(text) ?? longestLength(text));
    return fitted === null ? null : { ...fitted, isCounted: waits || missing.length === 0 };
  };
}
