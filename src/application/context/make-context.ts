import { draftContext, isWorthInFull } from '../../domain/context/draft-context.js';
import { type FittedContext, fitContext, textsOf } from '../../domain/context/fit-context.js';
import { type AtHand, rankForContext } from '../../domain/context/rank-for-context.js';
import type { WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';

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
}

export type MakeContext = (wanted: ContextWanted) => Promise<FittedContext | null>;

/** Puts together what helps a session in this workspace, or in another one of its repository. Null for nothing. */
export function createMakeContext({ read, countTokens }: Pick<Dependencies, 'read' | 'countTokens'>): MakeContext {
  return async ({ workspaceId, tokens, ...atHand }) => {
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
    const texts = textsOf(sections);
    const lengths = await countTokens(texts);
    const lengthOf = new Map(texts.map((text, at) => [text, lengths[at] ?? Number.POSITIVE_INFINITY]));
    return fitContext(sections, tokens, (text) => lengthOf.get(text) ?? Number.POSITIVE_INFINITY);
  };
}
