/** A question to a model. `data` comes from tools and is never an instruction; `schema` is the JSON schema of the answer. */
export interface ModelRequest {
  readonly system: string;
  readonly data: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
}

/**
 * What a model has answered, unchecked (undefined if it was no JSON, or no answer at all), and the tokens that it says it
 * took: a high estimate where it does not say.
 */
export interface ModelAnswer {
  readonly value: unknown;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelFailureOptions {
  /** Another call would fail in the same way. */
  readonly isFinal: boolean;
  /** For how long the model asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Whether the model may have worked, and will be paid for it. */
  readonly mayHaveCost: boolean;
}

/** No answer of a model. The message is a sentence for people and holds nothing of what was sent. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly isFinal: boolean;
  readonly retryAfterMs: number | null;
  readonly mayHaveCost: boolean;

  constructor(message: string, { isFinal, retryAfterMs, mayHaveCost }: ModelFailureOptions) {
    super(message);
    this.isFinal = isFinal;
    this.retryAfterMs = retryAfterMs;
    this.mayHaveCost = mayHaveCost;
  }
}

/** One call, in bounded time. Rejects with a ModelFailure, or with the signal's reason when it is called off. */
export type AskModel = (request: ModelRequest, signal: AbortSignal) => Promise<ModelAnswer>;
