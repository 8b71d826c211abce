import { z } from 'zod';
import { decodeId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import { PageSize, pageOf } from '../page.js';
import type { EmbedQuestion } from '../vectors/embed-question.js';
import { EntryType, MemoryEntry, readEntries } from './memory-entry.js';
import { decodeCursor, encodeCursor } from './search-cursor.js';

/** Longest question, in characters; words beyond the first 32 that tell something are not looked for. */
const MAX_QUERY = 200_000;
/** Longest cursor, in characters, and most values of one filter. */
const MAX_CURSOR = 4_000;
const MAX_VALUES = 32;
const Values = z.array(z.string().min(1).max(1_000)).min(1).max(MAX_VALUES);

/** Without a filter: all that is remembered. An empty query gives the newest. `who`: user, agent, task or system. */
export const SearchMemory = z.strictObject({
  query: z.string().max(MAX_QUERY).default(''),
  /** Together with all workspaces of the same repository. */
  workspaceId: WorkspaceId.optional(),
  sessionId: SessionId.optional(),
  types: z.array(EntryType).min(1).optional(),
  /** Paths, or a name or folder in them. */
  files: Values.optional(),
  concepts: Values.optional(),
  who: Values.optional(),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  cursor: z.string().max(MAX_CURSOR).optional(),
  limit: PageSize,
});
export type SearchMemory = z.infer<typeof SearchMemory>;

/** `score` tells hits of one search apart and means nothing across searches. */
export const MemoryHit = MemoryEntry.extend({ score: z.number() });
export type MemoryHit = z.infer<typeof MemoryHit>;

/** `vectors`: whether meaning ranked beside words, is switched off, or could not be asked for in time. */
export const FoundMemory = pageOf(MemoryHit).extend({ vectors: z.enum(['off', 'used', 'unavailable']) });
export type FoundMemory = z.infer<typeof FoundMemory>;

/** What answers a question best, best first. Nothing in the question is syntax. */
export function createSearchMemory({
  read,
  memorySearch,
  clock,
  embedQuestion,
}: Pick<Dependencies, 'read' | 'memorySearch' | 'clock'> & { readonly embedQuestion: EmbedQuestion | null }) {
  return async ({ query, workspaceId, sessionId, cursor, limit, ...filter }: SearchMemory): Promise<FoundMemory> => {
    const workspaceIds =
      workspaceId === undefined ? undefined : await read(({ workspaces }) => workspaces.sameRepository(workspaceId));
    // Only the first page asks: a cursor holds what was found by meaning.
    const vector = embedQuestion === null || cursor !== undefined ? undefined : await embedQuestion(query);
    const { hits, next, terms, usesVectors } = await memorySearch.search({
      text: query,
      filter: {
        ...filter,
        workspaces: workspaceIds?.map(decodeId),
        sessions: sessionId === undefined ? undefined : [decodeId(sessionId)],
      },
      now: clock(),
      limit,
      cursor: cursor === undefined ? undefined : decodeCursor(cursor),
      vector,
    });
    const entries = await readEntries(read, hits, terms);
    return {
      items: entries.map(({ place, ...entry }) => ({ ...entry, score: place.score })),
      nextCursor: next === null ? null : encodeCursor(next),
      vectors: usesVectors ? 'used' : embedQuestion === null ? 'off' : 'unavailable',
    };
  };
}
