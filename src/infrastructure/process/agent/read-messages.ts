import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_LINE_BYTES, type OutputMessage } from '../../../application/ports/agent-process.js';
import { createGrowthBell } from './growth-bell.js';
import { createGiveWay } from './loop-turns.js';
import type { LongLine } from './parse-long-line.js';
import { createPlaces } from './parse-places.js';
import { createLineSplitter, type OutputLine } from './split-lines.js';

/** Long lines that are read off the main thread at once; each takes a few times its length of memory there. */
const LONG_LINES_AT_ONCE = 2;

/** Reads the JSON of a long line in a thread of its own. */
export type ParseLongLine = (line: LongLine) => Promise<{ readonly message: unknown }>;

/** Until when an output is read. */
export interface ReadUntil {
  /** When it resolves, what is there is all that will be. */
  readonly ended: Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Reads an output from a byte on that begins a line; see `AgentProcess.messages`. */
export type ReadMessages = (file: string, from: number, until: ReadUntil) => AsyncGenerator<OutputMessage>;

/** Makes the function that reads outputs; what it holds back for the loop and for memory counts for all of them together. */
export function createReadMessages(parseLongLine: ParseLongLine): ReadMessages {
  const giveWay = createGiveWay();
  const places = createPlaces(LONG_LINES_AT_ONCE);

  async function messageOf(file: string, line: OutputLine): Promise<unknown> {
    if (line.kind === 'short') {
      await giveWay();
      return parse(line.text);
    }
    const { start, length } = line;
    if (length > MAX_LINE_BYTES) return undefined;
    return places.run(async () => (await parseLongLine({ file, start, length })).message);
  }

  return async function* readMessages(file, from, { ended, signal }) {
    if (signal.aborted) return;
    await using output = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    using bell = createGrowthBell(file);
    const lines = createLineSplitter(output, from);
    const over = new AbortController();
    void ended.then(() => {
      over.abort();
      bell.ring();
    });
    const onAbort = () => bell.ring();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let rung: Promise<void> | null = null;
      while (!isAborted(signal)) {
        const wasOver = isAborted(over.signal);
        const batch = await lines.read();
        for (const line of batch ?? []) {
          if (isAborted(signal)) return;
          yield { message: await messageOf(file, line), end: line.end };
        }
        if (batch !== null) continue;
        if (wasOver) break;
        if (rung === null) {
          rung = bell.arm();
          continue;
        }
        await rung;
        rung = null;
      }
      const rest = isAborted(signal) ? null : lines.rest();
      if (rest !== null) yield { message: await messageOf(file, rest), end: rest.end };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

/** A call, so that nobody takes an earlier look for the present state. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
