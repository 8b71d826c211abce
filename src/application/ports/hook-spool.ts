/** An agent's hook event that found no server. */
export interface SpooledHook {
  readonly name: string;
  /** The kind of agent, where its hook said so. */
  readonly source: string | null;
  /** Names this very event, also if it has reached the server by another way. */
  readonly id: string;
  /** The run of an agent of ours that its hook was started in. */
  readonly run: string | null;
  /** When the agent told of it, in milliseconds since 1970. */
  readonly at: number;
  readonly body: unknown;
}

/** Where `cw hook` puts the events that it cannot deliver, a file each. */
export interface HookSpool {
  /** The names of the files, oldest event first. */
  list(): Promise<string[]>;
  /** Undefined for a file that is no event. */
  read(name: string): Promise<SpooledHook | undefined>;
  remove(name: string): Promise<void>;
  /** Puts a file aside that cannot be used. */
  reject(name: string): Promise<void>;
  /** Removes what hooks have left lying that is of no use any more. */
  tidy(now: number): Promise<void>;
  /** Resolves when a file has come, or the signal is aborted. Arm it before listing. */
  grown(signal: AbortSignal): Promise<void>;
}
