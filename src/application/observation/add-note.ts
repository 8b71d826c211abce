import { z } from 'zod';
import { type KeptObservation, recordObservation } from '../../domain/observation/observation.js';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { MAX_TITLE_LENGTH } from '../../domain/session/session-transitions.js';
import { cutText } from '../../domain/shared/cut-text.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { isId, SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { registerWorkspace } from '../workspace/add-workspace.js';
import { placeOf, type WorkspacePlace } from '../workspace/workspace-place.js';

/** Longest note, in UTF-16 code units: a page. More belongs into a file. */
const MAX_NOTE_LENGTH = 20_000;

/** `workspace` is an id, or a directory within it. A pinned note is handed to every session. */
export const AddNote = z.strictObject({
  workspace: z.string().min(1).max(MAX_PATH_LENGTH),
  text: z.string().min(1).max(MAX_NOTE_LENGTH),
  pinned: z.boolean().default(false),
  sessionId: SessionId.optional(),
});
export type AddNote = z.infer<typeof AddNote>;

/** Keeps a note, without private parts and secrets. Throws `invalid_input` when nothing else is in it. */
export function createAddNote({
  transaction,
  clock,
  newId,
  redactor,
  ...places
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'redactor' | 'directories' | 'repositories'>) {
  return async (
    { workspace: place, text: whole, pinned, sessionId }: AddNote,
    origin: 'user' | 'agent',
  ): Promise<KeptObservation> => {
    const text = redactor.prepareText(whole, MAX_NOTE_LENGTH).text.trim();
    if (text === '')
      throw new DomainError('invalid_input', 'The note has no text that may be kept; write what to remember.');
    const at: WorkspacePlace | null = isId('workspace', place) ? null : await placeOf(place, places);
    return transaction(async (stores) => {
      const now = clock();
      const workspace =
        at === null
          ? await registerWorkspace(stores, place, newId, now)
          : await registerWorkspace(stores, at.path, newId, now, at.git);
      const session = sessionId === undefined ? null : await stores.sessions.get(sessionId);
      const { state, events } = recordObservation(
        {
          id: newId('obs'),
          workspaceId: workspace.id,
          sessionId: session?.id ?? null,
          type: 'note',
          origin,
          pinned,
          turn: null,
          title: cutText(text.split('\n', 1)[0]?.trim() ?? '', MAX_TITLE_LENGTH),
          narrative: text,
          facts: [],
          concepts: [],
          filesRead: [],
          filesModified: [],
          toolUses: [],
        },
        now,
      );
      await stores.observations.insert(state);
      await stores.events.append(events);
      return state;
    });
  };
}
