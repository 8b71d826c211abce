/** How long an MCP server is waited for, in milliseconds. */
export interface McpBounds {
  /** The answer to `initialize` and to `tools/list`: what has to be loaded first takes seconds. */
  readonly answerMs: number;
  /** The server's end after its call was cancelled and its input closed; then it is stopped. */
  readonly cancelMs: number;
}

export const MCP_BOUNDS: McpBounds = { answerMs: 60_000, cancelMs: 2_000 };
