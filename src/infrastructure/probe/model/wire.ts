import type { Answer } from './answer.js';

/** One event of a stream. */
export interface WireEvent {
  /** Absent where the interface names none. */
  readonly event?: string;
  /** JSON, or what the interface ends its streams with. */
  readonly data: object | string;
}

/** An answer as an interface writes it, at once and as a stream. */
export interface Wire {
  readonly document: object;
  readonly events: readonly WireEvent[];
}

/** Writes answers as one interface does. `model` is what was asked for. */
export type WriteAnswer = (answer: Answer, model: string) => Wire;

/** Cut in two, so that whoever reads the stream has to put it together. */
export function pieces(text: string): readonly [string, string] {
  const half = Math.ceil(text.length / 2);
  return [text.slice(0, half), text.slice(half)];
}
