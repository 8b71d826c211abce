import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { TranscriptPart, TranscriptRequest } from '../../application/ports/transcripts.js';
import { TRANSCRIPT_START, type TranscriptPlace } from '../../domain/session/transcript-position.js';
import { readClaudeEntries } from './claude-entry.js';
import { readCodexEntries } from './codex-entry.js';
import { readGeminiEntries } from './gemini-entry.js';
import { openTranscript } from './open-transcript.js';
import { PartReading } from './part-reading.js';
import { readWholeChat } from './read-whole-chat.js';
import type { ReadEntries } from './transcript-entry.js';
import { lineAt, readAt, wholeLines } from './whole-lines.js';

/** Bytes at the head of a file by which it is known again. */
const HEAD_BYTES = 1_024;
const NEWLINE = 10;

const READERS: Readonly<Record<TranscriptRequest['source'], ReadEntries>> = {
  claude: readClaudeEntries,
  codex: readCodexEntries,
  gemini: readGeminiEntries,
};

export interface ReadTranscriptInput extends TranscriptRequest {
  /** Directories that agents keep their transcripts in. */
  readonly roots: readonly string[];
}

/** Reads the next part of a transcript; see the port `Transcripts`. */
export async function readTranscript({
  path,
  roots,
  source,
  providerSessionId,
  from,
}: ReadTranscriptInput): Promise<TranscriptPart> {
  await using file = await openTranscript(path, roots);
  const { size, ino } = await file.stat();
  const identity = String(ino);
  // Gemini CLI wrote its chats whole before it wrote them line by line.
  if (source === 'gemini' && path.endsWith('.json'))
    return await readWholeChat(file, size, identity, from, providerSessionId);
  const isSame = from.file === identity && from.offset <= size && from.head === (await headOf(file, from.offset, size));
  const place: TranscriptPlace = isSame ? from : { ...TRANSCRIPT_START, file: identity };
  const { bytes, start, next, isInLongLine, isTooLong, isEnd } = await wholeLines(file, place, size);
  const reading = new PartReading(place, {
    readEntries: READERS[source],
    providerSessionId,
    lineAt: (offset) => lineAt(file, offset, size),
  });
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    const line = bytes.subarray(at, end < 0 ? bytes.length : end);
    await reading.take(line, start + at);
    at += line.length + 1;
  }
  const head = await headOf(file, next, size);
  return {
    items: reading.items,
    next: { file: identity, head, offset: next, isInLongLine, turn: reading.turn, calls: reading.waiting() },
    isEnd,
    unreadable: reading.unreadable,
    tooLong: isTooLong ? 1 : 0,
  };
}

/** Names the first bytes of what has been read; empty when nothing has. */
async function headOf(file: FileHandle, read: number, size: number): Promise<string> {
  const length = Math.min(HEAD_BYTES, read, size);
  if (length === 0) return '';
  return createHash('sha256')
    .update(await readAt(file, 0, length))
    .digest('hex')
    .slice(0, 32);
}
