import type { ObservationType } from '../../domain/observation/observation.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';

/** How the agent knows the session: a kind of agent, and its own id for it. */
export interface ForeignSessionKey {
  readonly source: string;
  readonly providerSessionId: string;
}

/** `row` is the name that a row has for ever; `project` is how its program calls the directory. */
interface ForeignRow {
  readonly row: string;
  readonly project: string;
  /** Null for a row that names a session that is not there. */
  readonly session: ForeignSessionKey | null;
  readonly at: Timestamp;
}

export interface ForeignSession extends ForeignRow {
  readonly kind: 'session';
  readonly session: ForeignSessionKey;
  readonly title: string;
  readonly prompts: number;
  readonly endedAt: Timestamp;
}

export interface ForeignPrompt extends ForeignRow {
  readonly kind: 'prompt';
  readonly number: number;
  readonly text: string;
}

export interface ForeignObservation extends ForeignRow {
  readonly kind: 'observation';
  readonly type: ObservationType;
  readonly title: string;
  readonly narrative: string;
  readonly facts: readonly string[];
  readonly concepts: readonly string[];
  readonly filesRead: readonly string[];
  readonly filesModified: readonly string[];
}

export type ForeignRecord = ForeignSession | ForeignPrompt | ForeignObservation;

/** Where the reading of a database goes on: rows of a table above this id. */
export interface ForeignPlace {
  readonly table: 'sessions' | 'prompts' | 'observations' | 'summaries';
  readonly after: number;
}

export interface ForeignBatch {
  /** Without private parts and secrets; what others refer to comes first. */
  readonly records: readonly ForeignRecord[];
  /** Null behind the last row. */
  readonly next: ForeignPlace | null;
}

/** A project that rows speak of, and the directories that it may be, the likeliest first; they need not be there. */
export interface ForeignProject {
  readonly name: string;
  readonly directories: readonly string[];
}

/** A private copy of a database, which goes when it is disposed of. */
export interface ClaudeMemCopy extends AsyncDisposable {
  readonly projects: readonly ForeignProject[];
  read(from: ForeignPlace): Promise<ForeignBatch>;
}

/** The memory of claude-mem, a plugin of Claude Code, read off the main thread. */
export interface ClaudeMem {
  /**
   * Copies the database, with its write-ahead log, and looks at it; nothing is written beside it. Throws `invalid_input`
   * for what is no such database, `unavailable` when it is being written, and `conflict` while another one is imported.
   */
  open(file: string): Promise<ClaudeMemCopy>;
}
