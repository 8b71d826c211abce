/** The files of one tool use as the tool's input names them: relative or absolute, each once, in the input's order. */
export interface ToolPaths {
  readonly read: readonly string[];
  readonly modified: readonly string[];
  /** Named without saying for what: patterns, folders that are searched, words of a command that may be paths. */
  readonly named: readonly string[];
}
