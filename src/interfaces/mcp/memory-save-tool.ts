import { z } from 'zod';
import { AddNote } from '../../application/observation/add-note.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { ObservationId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { shortened } from './capped.js';
import { defineTool } from './tool.js';

const Note = z.looseObject({
  id: ObservationId,
  type: z.literal('note'),
  title: z.string(),
  narrative: z.string(),
  pinned: z.boolean(),
  workspaceId: WorkspaceId,
  createdAt: Timestamp,
});

export const memorySave = defineTool({
  name: 'memory_save',
  title: 'Remember a note',
  description:
    'Keeps a note for whoever works in this workspace later: a decision and why, a trap, how something is done here. ' +
    'A pinned note is handed to every session, so pin only what each must know. Secrets are taken out.',
  isReadOnly: false,
  input: z.strictObject({
    ...AddNote.shape,
    workspace: AddNote.shape.workspace
      .optional()
      .describe("Absolute path, or a workspace's id; your own directory by default."),
  }),
  output: Note,
  async run({ workspace, ...rest }, { app, directory }) {
    const place = workspace ?? directory;
    if (place === null) {
      throw new DomainError('invalid_input', 'Say in `workspace` what the note is about: an absolute path.');
    }
    const note = await app.addNote({ ...rest, workspace: place }, 'agent');
    return { structured: shortened(note), text: `Remembered as ${note.id}: ${note.title}` };
  },
});
