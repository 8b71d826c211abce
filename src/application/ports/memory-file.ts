import type { MemoryRecord } from '../../domain/memory/memory-record.js';

/** A stretch of a file of memory: `next` says where the next one begins, and is null behind the last line. */
export interface RecordBatch {
  readonly records: readonly { readonly line: number; readonly record: MemoryRecord }[];
  readonly next: FilePlace | null;
}

export interface FilePlace {
  /** In bytes. */
  readonly offset: number;
  /** Of the line that begins there, from 1. */
  readonly line: number;
}

/** Files of memory, JSON lines, written and read off the main thread; none is ever held as a whole. Paths are absolute. */
export interface MemoryFile {
  /** Writes all that is remembered, as it is at one moment. Throws `conflict` for a file that is there already. */
  write(file: string): Promise<{ records: number; bytes: number }>;
  /** Looks at every line. Throws `invalid_input` with the number of the first line that cannot be read. */
  check(file: string): Promise<{ records: number }>;
  /** Reads from a place on, without private parts and secrets. */
  read(file: string, from: FilePlace): Promise<RecordBatch>;
}
