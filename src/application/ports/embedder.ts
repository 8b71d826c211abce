/** Turns texts into numbers that are near each other where the texts mean the same. */
export interface Embedder {
  /** Names what it is: vectors of another one cannot be compared. */
  readonly model: string;
  /** A vector for each text, in order. Rejects with a ModelFailure, or with the signal's reason when it is called off. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}
