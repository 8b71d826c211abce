/** Longest text of a result, in bytes: it is a row of the database and part of an answer. The rest stays in the file. */
export const RESULT_TEXT_LIMIT = 65_536;

/** The end of an attempt's output. */
export interface OutputTail {
  /** Whole characters; bytes that are no UTF-8 are replaced. */
  readonly text: string;
  /** True when there is more output before `text`. */
  readonly truncated: boolean;
  /** Size of the whole output, in bytes. */
  readonly bytes: number;
}

/** An attempt's output, written piece by piece. */
export interface AttemptOutput {
  /** Resolves when it is written. What is over MAX_OUTPUT_BYTES is left out, with a line that says so. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Longest output of one attempt: 1 GiB, half of what is kept of all attempts by default (`retention.runOutputMb`). */
export const MAX_OUTPUT_BYTES = 1_073_741_824;

/** The files of one attempt, for what runs it. Readers of its output use RunFiles. */
export interface AttemptFiles {
  /** Makes the attempt's directory, readable by this user alone, and says where its output goes. */
  prepare(attempt: string): Promise<{ readonly outputFile: string }>;
  /** Keeps a prompt in the attempt's directory and returns the absolute path of the file. */
  writePrompt(attempt: string, prompt: string): Promise<string>;
  /** The same for what the tasks gave that its task comes after. Makes the directory. */
  writeResults(attempt: string, results: string): Promise<string>;
  /**
   * The attempt's output, for an agent that does not write it itself. Its directory is made with the first write. As
   * much as is there already is passed over: a turn that is told again gives the same text.
   */
  openOutput(attempt: string): AttemptOutput;
  /** The last RESULT_TEXT_LIMIT bytes of the output at most; empty without a file. */
  tail(attempt: string): Promise<OutputTail>;
}
