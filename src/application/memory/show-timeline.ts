import { z } from 'zod';
import type { TimelineRequest } from '../../domain/memory/timeline-request.js';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import { decodeId, ObservationId, PromptId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import { MemoryEntry, readEntries } from './memory-entry.js';

/** Most entries on one side, and how many there are unless more are asked for. */
const MAX_SIDE = 50;
const SIDE = 10;
const MAX_QUERY = 10_000;
const Side = z.int().min(0).max(MAX_SIDE).default(SIDE);

/** Around one of: an entry, a moment, or what answers a question best. */
export const ShowTimeline = z
  .strictObject({
    id: z.union([ObservationId, PromptId]).optional(),
    at: Timestamp.optional(),
    query: z.string().min(1).max(MAX_QUERY).optional(),
    /** Together with all workspaces of the same repository. */
    workspaceId: WorkspaceId.optional(),
    sessionId: SessionId.optional(),
    before: Side,
    after: Side,
  })
  .refine(({ id, at, query }) => [id, at, query].filter((value) => value !== undefined).length === 1, {
    error: 'Give one of id, at and query.',
  });
export type ShowTimeline = z.infer<typeof ShowTimeline>;

/** `anchor` is the entry that it is around; null around a moment, or when nothing answers the question. */
export const MemoryTimeline = z.object({
  anchor: MemoryEntry.shape.id.nullable(),
  items: z.array(MemoryEntry),
});
export type MemoryTimeline = z.infer<typeof MemoryTimeline>;

/** What was remembered before and after, oldest first. Throws `not_found` for an entry that is not there. */
export function createShowTimeline({
  read,
  memorySearch,
  clock,
}: Pick<Dependencies, 'read' | 'memorySearch' | 'clock'>) {
  return async ({ id, at, query, workspaceId, sessionId, before, after }: ShowTimeline): Promise<MemoryTimeline> => {
    const workspaceIds =
      workspaceId === undefined ? undefined : await read(({ workspaces }) => workspaces.sameRepository(workspaceId));
    const workspaces = workspaceIds?.map(decodeId);
    const session = sessionId === undefined ? undefined : decodeId(sessionId);
    let around: TimelineRequest['around'];
    let terms: readonly string[] = [];
    if (id !== undefined) around = { key: decodeId(id) };
    else if (at !== undefined) around = { at };
    else if (query !== undefined) {
      const sessions = session === undefined ? undefined : [session];
      const found = await memorySearch.search({
        text: query,
        filter: { workspaces, sessions },
        now: clock(),
        limit: 1,
      });
      const [best] = found.hits;
      if (best === undefined) return { anchor: null, items: [] };
      around = { key: best.key };
      ({ terms } = found);
    } else throw new DomainError('invalid_input', 'Give one of id, at and query.');
    const entries = await memorySearch.timeline({ around, session, workspaces, before, after });
    if (entries === null) throw notFound('memory', id ?? '');
    const shown = await readEntries(read, entries, terms);
    const anchor = 'key' in around ? shown.find(({ place }) => 'key' in around && place.key === around.key) : undefined;
    return { anchor: anchor?.id ?? null, items: shown.map(({ place: _, ...entry }) => entry) };
  };
}
