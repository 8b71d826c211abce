import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** A large memory takes as long, in milliseconds. */
const TIMEOUT_MS = 3_600_000;

/** Writes all that is remembered to a file, or to stdout for `-`. */
export function exportMemory(context: Context, named: string, { json }: JsonOption): Promise<ExitCode> {
  return withFile(named, async (file, isStream) => {
    await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
    const exported = await client.observation.export.mutate({ file });
    const terminal = createTerminal(context);
    if (isStream) await pipeline(createReadStream(file), process.stdout, { end: false });
    else if (json === true) terminal.printJson({ file, ...exported });
    else terminal.print(`Exported ${String(exported.records)} records to ${escapeControls(file)}.`);
    return EXIT.done;
  });
}

/** Takes in a file that was exported, or stdin for `-`. */
export function importMemory(context: Context, named: string, { json }: JsonOption): Promise<ExitCode> {
  return withFile(named, async (file, isStream) => {
    if (isStream) await pipeline(process.stdin, createWriteStream(file, { mode: 0o600 }));
    await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
    const { imported, known } = await client.observation.import.mutate({ file });
    const terminal = createTerminal(context);
    if (json === true) terminal.printJson({ imported, known });
    else terminal.print(`Imported ${String(imported)} records; ${String(known)} were known already.`);
    return EXIT.done;
  });
}

/** The file that is named, or one in a private directory that goes again, for a stream. */
async function withFile(
  named: string,
  work: (file: string, isStream: boolean) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (named !== '-') return work(resolve(named), false);
  const directory = await mkdtemp(join(tmpdir(), 'cw-memory-'));
  try {
    return await work(join(directory, 'memory.jsonl'), true);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
