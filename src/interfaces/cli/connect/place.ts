/** What an agent is to run, by absolute paths so that it needs no PATH, and for which data directory. */
export interface Place {
  readonly node: string;
  /** Our `bin/cw.js`. */
  readonly cw: string;
  /** Null for the directory that is used without being named. */
  readonly home: string | null;
}
