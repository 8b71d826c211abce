import type { AgentProfile, ListedProfile } from '../../domain/agent/agent-profile.js';

/** The agent profiles of the local configuration, and the built-in ones. */
export interface AgentProfiles {
  /** The profile that a task gets which names none. */
  readonly defaultName: string;
  /** Throws `invalid_input` for an unknown name and `unavailable` for one that cannot run here, saying why. */
  get(name: string): Promise<AgentProfile>;
  /** One of them as it is listed. Throws `invalid_input` for an unknown name. */
  look(name: string): Promise<ListedProfile>;
  list(): Promise<ListedProfile[]>;
  /** Whose limits a profile shares: the account that it names, or its own. */
  accountOf(name: string): string;
  /** The profiles of an account. */
  ofAccount(account: string): readonly string[];
}
