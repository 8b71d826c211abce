/** How long an agent is waited for, in milliseconds. */
export interface ClaudeLimits {
  /** From the start of its process until it has answered: loading plugins and MCP servers takes it a while. */
  readonly openMs: number;
  /** From an interrupt until it is stopped all the same; it answers one within a second. */
  readonly interruptMs: number;
  /** From a result until the turn is over where another one may follow, as after the word of a background agent. */
  readonly settleMs: number;
}

export const CLAUDE_LIMITS: ClaudeLimits = { openMs: 60_000, interruptMs: 5_000, settleMs: 2_000 };
