/**
 * Where an agent that distils works: a directory within the data directory, so that nothing of its own session is ever
 * remembered. It holds one run at a time, and what that leaves goes with it.
 */
export interface DistillerPlace {
  /** Makes it anew and empty, with this run id written down. Gives the absolute path of the directory to work in. */
  open(runId: string): Promise<string>;
  /** The run id of what was left in it; null for nothing. */
  left(): Promise<string | null>;
  /** Removes it with all that is in it. */
  clear(): Promise<void>;
}

/** The name of its one attempt, for `Turn.attempt`. */
export const DISTILLER_ATTEMPT = 'distil';
