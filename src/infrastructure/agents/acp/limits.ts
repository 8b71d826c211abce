/** How long an agent is waited for, in milliseconds. */
export interface AcpLimits {
  /** Longest time to start and to open a conversation: Gemini takes 8 s on a busy machine, and a long history is loaded. */
  readonly openMs: number;
  /** Longest time in which a turn that was cancelled ends by itself: agents first end the tool that runs. */
  readonly cancelMs: number;
  /** Time without a word, while no tool runs, after which an agent's log is looked into: models begin to speak sooner. */
  readonly silenceMs: number;
  /** Longest time in which an agent may ask a model again that fails by a fault of its own: a short outage passes by then. */
  readonly retryMs: number;
}

export const ACP_LIMITS: AcpLimits = { openMs: 120_000, cancelMs: 10_000, silenceMs: 20_000, retryMs: 180_000 };
