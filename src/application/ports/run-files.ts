/** A piece of an attempt's output: `offset` is the byte at which `text` starts, `end` the byte after it. */
export interface OutputChunk {
  readonly offset: number;
  readonly end: number;
  readonly text: string;
}

/** The output of attempts, kept in files. */
export interface RunFiles {
  /** The output from this byte on, at most some 64 KiB of whole characters; empty at the end of what is there, or without a file. */
  read(attempt: string, offset: number): Promise<OutputChunk>;
  /** The absolute path of the file that holds the whole output; null when there is none. */
  locate(attempt: string): Promise<string | null>;
  /** Resolves when the output may have grown or the signal is aborted. Arm it before reading. */
  grown(attempt: string, signal: AbortSignal): Promise<void>;
}
