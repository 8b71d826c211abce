import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { isId } from '../input/id.js';
import { readPrompt } from '../input/prompt.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

export interface NoteOptions extends JsonOption {
  readonly pin?: true;
  readonly workspace: string;
}

/** Remembers a note, and prints its id. */
export async function addNote(
  context: Context,
  words: readonly string[],
  { pin, workspace: place, json }: NoteOptions,
): Promise<ExitCode> {
  const text = await readPrompt(words);
  const workspace = isId('workspace', place) ? place : resolve(place);
  await using client = await connect(context);
  const note = await client.observation.add.mutate({ workspace, text, pinned: pin === true });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(note);
  else terminal.print(note.id);
  return EXIT.done;
}
