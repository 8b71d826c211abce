import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { isId } from '../input/id.js';
import { parseWholeNumber } from '../input/whole-number.js';
import { escapeLines } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

export interface ContextOptions extends JsonOption {
  readonly workspace: string;
  readonly prompt?: string;
  readonly files?: string[];
  readonly tokens?: string;
}

/** Prints what a session that begins now in a workspace would be told. */
export async function printContext(
  context: Context,
  { workspace: place, prompt, files, tokens, json }: ContextOptions,
): Promise<ExitCode> {
  const workspace = isId('workspace', place) ? place : resolve(place);
  const budget = tokens === undefined ? undefined : parseWholeNumber(tokens, '--tokens');
  await using client = await connect(context);
  const { text, ...counted } = await client.observation.context.query({ workspace, prompt, files, tokens: budget });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson({ text, ...counted });
  else if (text === null) terminal.note(`Nothing is remembered that helps in ${escapeLines(workspace)}.`);
  else {
    terminal.print(escapeLines(text.trimEnd()));
    const entries = counted.observationIds.length;
    terminal.note(`${entries === 1 ? '1 entry' : `${String(entries)} entries`}, ${String(counted.tokens)} tokens`);
  }
  return EXIT.done;
}
