/** Makes tokens of agents and their hashes. */
export interface AgentSecrets {
  /** A token that nobody can guess. */
  readonly newToken: () => string;
  /** A hash from which nobody finds the token, the same each time. */
  readonly hash: (token: string) => string;
}

/** Files by which agents are given their tokens: in arguments or the environment every program of the user could read them. */
export interface TokenFiles {
  /** Writes a token for this user alone, and gives the absolute path. */
  write(name: string, token: string): Promise<string>;
  /** Removes what is left of it. */
  remove(name: string): Promise<void>;
  /** The token of an earlier server's agent and its file; null when there is none. */
  read(name: string): Promise<{ readonly token: string; readonly path: string } | null>;
  /** Removes all that an earlier server has left, but for these. */
  clear(kept: ReadonlySet<string>): Promise<void>;
}
