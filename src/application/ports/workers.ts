/** Heavy work that runs in a thread of its own. Input and output cross over by structured clone: plain data only. */
export type Job<Input, Output> = (input: Input) => Output | Promise<Output>;

/** Jobs by name. */
export type JobTable = Readonly<Record<string, Job<never, unknown>>>;

export interface JobOptions {
  /** Longest duration, in milliseconds, from when the job is asked for: the wait for a thread counts too. */
  readonly timeoutMs: number;
  /** Aborted to call the job off; `run` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Memory of the input that is handed over instead of copied; the caller does not use it any more. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
}

/**
 * Runs jobs off the main thread, in the order in which they were asked for, some at a time.
 *
 * `run` rejects with what the job threw (a DomainError stays one, anything else comes back as an Error with message,
 * code and stack), with `unavailable` when too many wait or the server stops, with `limit_exceeded` when the time is
 * over, and with an Error that names the job when its thread died under it. A job that is called off loses its thread
 * at once, or as soon as it returns from native code, and only then `run` rejects: nothing of it goes on. What it does
 * must be safe to lose at any point.
 */
export interface Workers<Jobs extends JobTable> {
  run<Name extends keyof Jobs & string>(
    name: Name,
    input: Parameters<Jobs[Name]>[0],
    options: JobOptions,
  ): Promise<Awaited<ReturnType<Jobs[Name]>>>;
}
