import { z } from 'zod';
import type { DocumentKind } from '../../domain/memory/document.js';
import { textOfObservation } from '../../domain/memory/observation-document.js';
import { snippetOf } from '../../domain/memory/snippet.js';
import { ObservationType } from '../../domain/observation/observation.js';
import { cutText } from '../../domain/shared/cut-text.js';
import { encodeId, ObservationId, PromptId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';

/** Length of what stands for the title of a prompt, in characters. */
const PROMPT_TITLE = 100;

/** An observation's type, or `prompt` for what was said. */
export const EntryType = z.enum([...ObservationType.options, 'prompt']);
export type EntryType = z.infer<typeof EntryType>;

/** One thing that is remembered, as lists of it show it; all of it is behind its id. */
export const MemoryEntry = z.object({
  id: z.union([ObservationId, PromptId]),
  type: EntryType,
  title: z.string(),
  /** A part of its text, with the places (start and end, in UTF-16 units) of what was looked for. */
  snippet: z.object({ text: z.string(), highlights: z.array(z.tuple([z.int(), z.int()])) }),
  at: Timestamp,
  workspaceId: WorkspaceId,
  sessionId: SessionId.nullable(),
  /** Who said it, or wrote it down; null for what was distilled. */
  who: z.string().nullable(),
  files: z.array(z.string()),
  pinned: z.boolean(),
});
export type MemoryEntry = z.infer<typeof MemoryEntry>;

interface Found {
  readonly key: number;
  readonly kind: DocumentKind;
}

/** What stands behind the keys, in their order, without what has been forgotten meanwhile. */
export async function readEntries<Place extends Found>(
  read: Dependencies['read'],
  found: readonly Place[],
  terms: readonly string[],
): Promise<(MemoryEntry & { readonly place: Place })[]> {
  const prompts = found.filter(({ kind }) => kind === 'prompt').map(({ key }) => encodeId('prompt', key));
  const observations = found.filter(({ kind }) => kind !== 'prompt').map(({ key }) => encodeId('obs', key));
  const lookedFor = new Set(terms);
  const entries = new Map<string, MemoryEntry>();
  await read(async (stores) => {
    for (const { id, text, who, at, workspaceId, sessionId } of await stores.prompts.getMany(prompts)) {
      const [line = ''] = text.trim().split('\n', 1);
      const title = cutText(line, PROMPT_TITLE);
      const snippet = toSnippet(text, lookedFor);
      entries.set(id, {
        id,
        type: 'prompt',
        title,
        snippet,
        at,
        workspaceId,
        sessionId,
        who,
        files: [],
        pinned: false,
      });
    }
    for (const observation of await stores.observations.getMany(observations)) {
      if (observation.status !== 'kept') continue;
      const { id, type, title, createdAt, workspaceId, sessionId, origin, pinned } = observation;
      entries.set(id, {
        id,
        type,
        title,
        snippet: toSnippet(textOfObservation(observation), lookedFor),
        at: createdAt,
        workspaceId,
        sessionId,
        who: origin === 'user' || origin === 'agent' ? origin : null,
        files: [...new Set([...observation.filesModified, ...observation.filesRead])],
        pinned,
      });
    }
  });
  return found.flatMap((place) => {
    const entry = entries.get(encodeId(place.kind === 'prompt' ? 'prompt' : 'obs', place.key));
    return entry === undefined ? [] : [{ ...entry, place }];
  });
}

function toSnippet(text: string, terms: ReadonlySet<string>): MemoryEntry['snippet'] {
  const { text: shown, highlights } = snippetOf(text, terms);
  return { text: shown, highlights: highlights.map(([start, end]) => [start, end]) };
}
