import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_MESSAGE_TEXT } from '../../../application/ports/agent-process.js';
import { cutTexts } from './cut-message.js';

/** Heaviest message that is handed to the main thread, in UTF-16 code units: taking it over costs some 10 ms. */
const MAX_WEIGHT = 4 * MAX_MESSAGE_TEXT;
/** When a message is too heavy, its texts are cut to a part of this; one that is still too heavy at the least is none. */
const NEXT_LIMIT = 1 / 8;
const LEAST_TEXT = 256;

/** A line of a file: where it begins, and its length, in bytes. */
export interface LongLine {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** The JSON in a long line, its texts cut; `message` undefined when the line holds none, or one of far too many parts. */
export async function parseLongLine({ file, start, length }: LongLine): Promise<{ message: unknown }> {
  const value = parse(await readText(file, start, length));
  for (let limit = MAX_MESSAGE_TEXT; limit >= LEAST_TEXT; limit *= NEXT_LIMIT) {
    const cut = cutTexts(value, limit);
    if (cut.weight <= MAX_WEIGHT) return { message: cut.value };
  }
  return { message: undefined };
}

async function readText(path: string, start: number, length: number): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.toString('utf8', 0, filled);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
