import type { TranscriptItem } from '../../application/ports/transcripts.js';
import { lineTurn } from '../../domain/session/prompt-turn.js';
import type { TranscriptPlace } from '../../domain/session/transcript-position.js';
import type { ReadEntries, ToolCall, TranscriptEntry } from './transcript-entry.js';

/** Tool calls that may wait for their result; of more, the oldest have been given up by the agent. */
const MAX_CALLS = 256;
/** What Claude Code says to itself as if the user had: that a background task has ended. */
const SYNTHETIC = /^\s*<task-notification[\s>]/;

export interface PartReadingOptions {
  readonly readEntries: ReadEntries;
  readonly providerSessionId: string;
  /** The line that begins at this offset of the file. */
  readonly lineAt: (offset: number) => Promise<Buffer>;
}

/** What the lines of a part tell, put together: a call with its result, both with their turn. */
export class PartReading {
  readonly items: TranscriptItem[] = [];
  unreadable = 0;
  /** Which message the last answer is. */
  #answeredBy: string | null = null;
  turn: string | null;
  readonly #options: PartReadingOptions;
  /** Where the line of a call begins, and the call itself if it was read in this part. */
  readonly #calls: Map<
    string,
    { readonly offset: number; readonly call?: ToolCall; readonly subagent?: string | null }
  >;

  constructor({ turn, calls }: Pick<TranscriptPlace, 'turn' | 'calls'>, options: PartReadingOptions) {
    this.#options = options;
    this.turn = turn;
    this.#calls = new Map(Object.entries(calls).map(([id, offset]) => [id, { offset }]));
  }

  /** Takes in a line that begins at this offset. */
  async take(line: Buffer, offset: number): Promise<void> {
    const text = line.toString('utf8');
    if (text.trim() === '') return;
    const entries = this.#entriesOf(text);
    if (entries === undefined) this.unreadable += 1;
    else await this.takeEntries(entries, offset);
  }

  async takeEntries(entries: readonly TranscriptEntry[], offset: number): Promise<void> {
    for (const entry of entries) await this.#takeEntry(entry, offset);
  }

  /** Where the calls stand that have no result yet, the newest of them. */
  waiting(): Record<string, number> {
    const newest = [...this.#calls].slice(-MAX_CALLS);
    return Object.fromEntries(newest.map(([id, { offset }]) => [id, offset]));
  }

  async #takeEntry(entry: TranscriptEntry, offset: number): Promise<void> {
    const { by, words, at, uuid } = entry;
    if (words !== null && by === 'user') {
      this.turn = entry.turn ?? lineTurn(uuid ?? String(offset));
      const who = SYNTHETIC.test(words) ? 'system' : 'user';
      this.items.push({ kind: 'prompt', who, turn: this.turn, text: words, at });
    } else if (words !== null) {
      this.#answer(words, at, uuid);
    }
    if (entry.calls.length > 0) this.#withdrawAnswer(uuid);
    for (const call of entry.calls) this.#calls.set(call.id, { offset, call, subagent: entry.subagent });
    for (const { id, outcome, text: result, at: cameAt } of entry.results) {
      const call = await this.#callOf(id);
      this.#calls.delete(id);
      if (call === undefined) continue;
      const turn = entry.turn ?? this.turn;
      const { subagent, cwd } = entry;
      const toolUse = { toolUseId: id, turn, subagent, name: call.name, outcome, cwd, input: call.input, result };
      this.items.push({ kind: 'tool-use', toolUse, at: cameAt ?? at });
    }
  }

  /** A turn has one answer; what was said last counts. Its parts are lines of their own. */
  #answer(text: string, at: number | null, uuid: string | null): void {
    const last = this.items.at(-1);
    if (last?.kind === 'answer' && last.turn === this.turn) this.items.pop();
    this.items.push({ kind: 'answer', turn: this.turn, text, at });
    this.#answeredBy = uuid;
  }

  /** A message that is written again, with calls of tools, was no last one. */
  #withdrawAnswer(uuid: string | null): void {
    if (uuid !== null && uuid === this.#answeredBy && this.items.at(-1)?.kind === 'answer') this.items.pop();
  }

  async #callOf(id: string): Promise<ToolCall | undefined> {
    const known = this.#calls.get(id);
    if (known === undefined || known.call !== undefined) return known?.call;
    const line = await this.#options.lineAt(known.offset);
    const entries = this.#entriesOf(line.toString('utf8')) ?? [];
    return entries.flatMap(({ calls }) => calls).find((call) => call.id === id);
  }

  #entriesOf(text: string): readonly TranscriptEntry[] | undefined {
    const { readEntries, providerSessionId } = this.#options;
    return readEntries(parsed(text), providerSessionId);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
