/** What the processes of a run have done so far. */
export interface RunActivity {
  /** Processor time that they have used since they began, in milliseconds, with that of children that have ended. */
  readonly cpuMs: number;
  /** The processes that live, by keys that no two processes ever share. */
  readonly processes: ReadonlySet<string>;
}

/** Looks at the processes that carry this run id. It costs one look at the process table. */
export type LookAtRun = (runId: string) => Promise<RunActivity>;
