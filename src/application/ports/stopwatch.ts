/** Measures how long something takes. Milliseconds since some moment in the past; they never go back. */
export interface Stopwatch {
  /** Time that has passed. */
  elapsed(): number;
  /** Time for which the main thread was at work, and so answered nobody else. */
  busy(): number;
}
