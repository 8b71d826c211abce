/** A process that cannot be confused with a later one of the same pid. `startedAt` is in the table's own unit. */
export interface Identity {
  readonly pid: number;
  readonly startedAt: number;
}

/** A key for sets and maps of identities. */
export function identityKey({ pid, startedAt }: Identity): string {
  return `${String(pid)}:${String(startedAt)}`;
}

/** One live process. Zombies and kernel threads are not listed. */
export interface ProcessRow extends Identity {
  readonly parent: number;
  readonly group: number;
  /** Session id, or 0 where the platform does not tell. */
  readonly session: number;
  /** Processor time that it has used, in milliseconds, with that of its children that have ended. */
  readonly cpuMs: number;
  /** True when it carries what was looked for. */
  readonly marked: boolean;
}

/** What to look for in one look at all processes. */
export interface Marks {
  /** Values of CW_RUN_ID. */
  readonly runIds: ReadonlySet<string>;
  /** A file that only our own processes have as standard output or standard error; null for none. */
  readonly outputFile: string | null;
  /** Processes that started before this cannot be meant, and are not looked into. */
  readonly since: number;
}

/** The processes of this machine, as far as a sweep needs them. One implementation per platform. */
export interface ProcessTable {
  /** Who has this pid now, or null. On Linux it is answered before the call returns. */
  identify(pid: number): Promise<Identity | null>;
  /** Every live process. `complete` is false when some ended during the look, which may have left children unseen. */
  list(marks: Marks): Promise<{ readonly rows: readonly ProcessRow[]; readonly complete: boolean }>;
  /** Those of them that still live. */
  alive(identities: readonly Identity[]): Promise<Identity[]>;
  /** Signals each of them after making sure, right before, that the pid still is that process. */
  signal(identities: readonly Identity[], signal: NodeJS.Signals): Promise<void>;
}
