import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { TranscriptItem, TranscriptPart, TranscriptRequest } from '../../application/ports/transcripts.js';
import { lineTurn } from '../../domain/session/prompt-turn.js';
import { TRANSCRIPT_START, type TranscriptPlace } from '../../domain/session/transcript-position.js';
import { type ClaudeEntry, readClaudeEntry, type ToolCall } from './claude-entry.js';
import { openTranscript } from './open-transcript.js';
import { lineAt, readAt, wholeLines } from './whole-lines.js';

/** Bytes at the head of a file by which it is known again. */
const HEAD_BYTES = 1_024;
/** Tool calls that may wait for their result; of more, the oldest have been given up by the agent. */
const MAX_CALLS = 256;
const NEWLINE = 10;
/** What Claude Code says to itself as if the user had: that a background task has ended. */
const SYNTHETIC = /^\s*<task-notification[\s>]/;

export interface ReadTranscriptInput extends TranscriptRequest {
  /** Directories that agents keep their transcripts in. */
  readonly roots: readonly string[];
}

/** Reads the next part of a transcript; see the port `Transcripts`. */
export async function readTranscript({
  path,
  roots,
  providerSessionId,
  from,
}: ReadTranscriptInput): Promise<TranscriptPart> {
  await using file = await openTranscript(path, roots);
  const { size, ino } = await file.stat();
  const identity = String(ino);
  const isSame = from.file === identity && from.offset <= size && from.head === (await headOf(file, from.offset, size));
  const place: TranscriptPlace = isSame ? from : { ...TRANSCRIPT_START, file: identity };
  const { bytes, start, next, isInLongLine, isTooLong, isEnd } = await wholeLines(file, place, size);
  const reading = new PartReading(file, size, place);
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    const line = bytes.subarray(at, end < 0 ? bytes.length : end);
    await reading.take(line, start + at, providerSessionId);
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

/** What the lines of a part tell, put together: a call with its result, both with their turn. */
class PartReading {
  readonly items: TranscriptItem[] = [];
  unreadable = 0;
  turn: string | null;
  readonly #file: FileHandle;
  readonly #size: number;
  /** Where the line of a call begins, and the call itself if it was read in this part. */
  readonly #calls: Map<
    string,
    { readonly offset: number; readonly call?: ToolCall; readonly subagent?: string | null }
  >;

  constructor(file: FileHandle, size: number, { turn, calls }: TranscriptPlace) {
    this.#file = file;
    this.#size = size;
    this.turn = turn;
    this.#calls = new Map(Object.entries(calls).map(([id, offset]) => [id, { offset }]));
  }

  async take(line: Buffer, offset: number, providerSessionId: string): Promise<void> {
    const text = line.toString('utf8');
    if (text.trim() === '') return;
    const entry = readClaudeEntry(parsed(text), providerSessionId);
    if (entry === undefined) this.unreadable += 1;
    else if (entry !== null) await this.#takeEntry(entry, offset, providerSessionId);
  }

  /** Where the calls stand that have no result yet, the newest of them. */
  waiting(): Record<string, number> {
    const newest = [...this.#calls].slice(-MAX_CALLS);
    return Object.fromEntries(newest.map(([id, { offset }]) => [id, offset]));
  }

  async #takeEntry(entry: ClaudeEntry, offset: number, providerSessionId: string): Promise<void> {
    const { by, words, at, uuid } = entry;
    if (words !== null && by === 'user') {
      this.turn = entry.turn ?? lineTurn(uuid ?? String(offset));
      const who = SYNTHETIC.test(words) ? 'system' : 'user';
      this.items.push({ kind: 'prompt', who, turn: this.turn, text: words, at });
    } else if (words !== null) {
      this.#answer(words, at);
    }
    for (const call of entry.calls) this.#calls.set(call.id, { offset, call, subagent: entry.subagent });
    for (const { id, outcome, text: result } of entry.results) {
      const call = await this.#callOf(id, providerSessionId);
      this.#calls.delete(id);
      if (call === undefined) continue;
      const turn = entry.turn ?? this.turn;
      const { subagent, cwd } = entry;
      const toolUse = { toolUseId: id, turn, subagent, name: call.name, outcome, cwd, input: call.input, result };
      this.items.push({ kind: 'tool-use', toolUse, at });
    }
  }

  /** A turn has one answer; what was said last counts. Its parts are lines of their own. */
  #answer(text: string, at: number | null): void {
    const last = this.items.at(-1);
    if (last?.kind === 'answer' && last.turn === this.turn) this.items.pop();
    this.items.push({ kind: 'answer', turn: this.turn, text, at });
  }

  async #callOf(id: string, providerSessionId: string): Promise<ToolCall | undefined> {
    const known = this.#calls.get(id);
    if (known === undefined || known.call !== undefined) return known?.call;
    const line = await lineAt(this.#file, known.offset, this.#size);
    return readClaudeEntry(parsed(line.toString('utf8')), providerSessionId)?.calls.find((call) => call.id === id);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
