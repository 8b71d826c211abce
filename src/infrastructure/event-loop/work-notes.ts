/** Notes that are kept: a turn of the loop makes a handful, and a block has few turns. A power of two. */
const NOTES = 64;
/** Different words that can be noted: procedures, services and some more make fewer than a hundred. */
const WORDS = 256;
/** Bytes of a word; a longer one is cut. */
const WORD_BYTES = 48;

/** Where numbers stand at the beginning of the buffer. */
const COUNT = 0;
const ALIVE = 1;
const DEBUGGED = 2;
const STOP = 3;
const HEADER = 4;

const AMOUNTS_AT = HEADER * 4;
const SLOTS_AT = AMOUNTS_AT + NOTES * 4;
const TIMES_AT = SLOTS_AT + NOTES * 4;
const WORDS_AT = TIMES_AT + NOTES * 8;
const BYTES = WORDS_AT + WORDS * WORD_BYTES;

/** What is noted of a word for which there is no place any more. */
const OTHER = 'other work';

/** A piece of work, and when it began, in milliseconds of the main thread's monotonic clock. */
export interface WorkNote {
  readonly what: string;
  readonly at: number;
}

/**
 * What the main thread did last, in memory that another thread can read while the main thread is blocked. Only the main
 * thread writes notes, so that a note is a handful of plain stores.
 */
export interface WorkNotes {
  readonly buffer: SharedArrayBuffer;
  note(what: string, amount: number | undefined, at: number): void;
  /** Notes that were ever made. */
  count(): number;
  /** The last notes, oldest first: all from the one with this number on, as far as they are kept. */
  from(number: number): WorkNote[];

  /** Shows that the event loop turns. */
  beat(isDebugged: boolean): void;
  beats(): number;
  /** Whether a debugger could hold the main thread, as far as that knew when it last showed that it lives. */
  isDebugged(): boolean;
  /** Ends who waits. */
  stop(): void;
  /** Sleeps for so many milliseconds. True when it is time to stop. Blocks its thread. */
  waitForStop(ms: number): boolean;
}

/** Opens the notes of another thread by their buffer, or makes new ones. */
export function openWorkNotes(buffer = new SharedArrayBuffer(BYTES)): WorkNotes {
  const header = new Int32Array(buffer, 0, HEADER);
  const amounts = new Int32Array(buffer, AMOUNTS_AT, NOTES);
  const slots = new Int32Array(buffer, SLOTS_AT, NOTES);
  const times = new Float64Array(buffer, TIMES_AT, NOTES);
  const words = new Uint8Array(buffer, WORDS_AT, WORDS * WORD_BYTES);
  const slotOf = new Map<string, number>();
  const at = (array: Int32Array | Float64Array, index: number): number => array[index] ?? 0;

  function learn(what: string): number {
    const isLast = slotOf.size >= WORDS - 1;
    const word = isLast ? OTHER : what;
    const known = slotOf.get(word);
    if (known !== undefined) return known;
    const slot = slotOf.size;
    new TextEncoder().encodeInto(word, words.subarray(slot * WORD_BYTES, (slot + 1) * WORD_BYTES));
    slotOf.set(word, slot);
    return slot;
  }

  function wordIn(slot: number): string {
    // A decoder takes no shared memory.
    const bytes = words.slice(slot * WORD_BYTES, (slot + 1) * WORD_BYTES);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(bytes.subarray(0, end < 0 ? WORD_BYTES : end));
  }

  return {
    buffer,
    note(what, amount = 0, now) {
      const index = at(header, COUNT) & (NOTES - 1);
      slots[index] = slotOf.get(what) ?? learn(what);
      amounts[index] = amount;
      times[index] = now;
      header[COUNT] = at(header, COUNT) + 1;
    },
    count: () => at(header, COUNT) >>> 0,
    from(number) {
      const count = at(header, COUNT) >>> 0;
      const kept = Math.min(count, NOTES, Math.max(0, count - number));
      return Array.from({ length: kept }, (_, n) => {
        const index = (count - kept + n) & (NOTES - 1);
        const amount = at(amounts, index);
        const word = wordIn(at(slots, index));
        return { what: amount === 0 ? word : `${word} (${amount})`, at: at(times, index) };
      });
    },
    beat(isDebugged) {
      Atomics.store(header, DEBUGGED, isDebugged ? 1 : 0);
      Atomics.add(header, ALIVE, 1);
    },
    beats: () => Atomics.load(header, ALIVE),
    isDebugged: () => Atomics.load(header, DEBUGGED) === 1,
    stop() {
      Atomics.store(header, STOP, 1);
      Atomics.notify(header, STOP);
    },
    waitForStop: (ms) => Atomics.wait(header, STOP, 0, ms) !== 'timed-out',
  };
}
