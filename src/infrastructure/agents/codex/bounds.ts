/** How long Codex is waited for, in milliseconds. */
export interface CodexBounds {
  /** The answer to a request that opens a conversation. A cold start takes some 300 ms, with a slow MCP server seconds. */
  readonly answerMs: number;
  /** The turn's end after it was interrupted; then the process is stopped. */
  readonly interruptMs: number;
  /** The turn's end after Codex said that it does nothing any more. */
  readonly endMs: number;
}

export const CODEX_BOUNDS: CodexBounds = { answerMs: 60_000, interruptMs: 5_000, endMs: 10_000 };
