/** What a tool use touches. */
export interface Touched {
  readonly toolName: string;
  /** As the tool's input names them (`toolPaths` of the domain): relative or absolute, with either slash. */
  readonly paths: readonly string[];
  /** Where relative paths start, if known. */
  readonly cwd?: string | undefined;
}

/** Has the user excluded this from memory (`memory.exclude`)? Then nothing of the tool use is stored. */
export type IsExcluded = (touched: Touched) => boolean;
