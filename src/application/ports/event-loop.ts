/**
 * Notes that a piece of work begins on the main thread, so that a block can be told with what ran. Costs some 0.1 µs.
 * `what` is one of a small, fixed set of words; `amount` says of how much.
 */
export type NoteWork = (what: string, amount?: number) => void;

/** How late the event loop got to what was due, since the start of the server and while it had work. Milliseconds. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How often it was blocked for so long that it was logged. */
  readonly blocks: number;
}
