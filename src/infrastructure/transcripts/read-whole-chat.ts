import type { FileHandle } from 'node:fs/promises';
import type { TranscriptPart } from '../../application/ports/transcripts.js';
import { TRANSCRIPT_START, type TranscriptPlace } from '../../domain/session/transcript-position.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageEntries } from './gemini-entry.js';
import { PartReading } from './part-reading.js';
import { fieldsOf, isFields } from './transcript-fields.js';
import { readAt } from './whole-lines.js';

/** Longest chat that is read whole, in bytes: it is parsed again for every part. */
const MAX_CHAT_BYTES = 16 * 1_024 * 1_024;
/** Characters of messages of one part: what they say fits into a few milliseconds of the main thread. */
const PART_LENGTH = 512 * 1_024;

/**
 * Reads a chat that is one JSON document, which is written anew with every message. The offset counts messages; the last
 * one is read again with the next part, as what came of its calls may be added to it. Throws `invalid_input` for a file
 * that is too long.
 */
export async function readWholeChat(
  file: FileHandle,
  size: number,
  identity: string,
  from: TranscriptPlace,
  providerSessionId: string,
): Promise<TranscriptPart> {
  if (size > MAX_CHAT_BYTES)
    throw new DomainError('invalid_input', 'The transcript is longer than 16 MiB and one JSON.');
  const chat = parsed((await readAt(file, 0, size)).toString('utf8'));
  if (!isFields(chat)) return { items: [], next: { ...from, file: identity }, isEnd: true, unreadable: 1, tooLong: 0 };
  const messages = chat['sessionId'] === providerSessionId ? fieldsOf(chat['messages']) : [];
  const place = from.offset <= messages.length ? from : TRANSCRIPT_START;
  const reading = new PartReading(
    { turn: place.turn, calls: {} },
    {
      readEntries: () => [],
      providerSessionId,
      lineAt: () => Promise.resolve(Buffer.alloc(0)),
    },
  );
  let at = place.offset;
  for (let length = 0; at < messages.length && length < PART_LENGTH; at += 1) {
    const message = messages[at] ?? {};
    length += JSON.stringify(message).length;
    await reading.takeEntries(messageEntries(message), at);
  }
  const isEnd = at >= messages.length;
  const offset = isEnd ? Math.max(0, at - 1) : at;
  const next = { ...TRANSCRIPT_START, file: identity, offset, turn: reading.turn };
  return { items: reading.items, next, isEnd, unreadable: 0, tooLong: 0 };
}

/** Undefined for what is half written; the next look finds it whole. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
