/** A copy of everything that is stored, whole and checked. `position` is that of the last event in it. */
export interface Backup {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
  readonly position: number;
}

/**
 * Copies everything that is stored while it is in use. Without an absolute path it chooses a name in the data directory,
 * where it keeps the newest ones. Throws `conflict` for a file that is there already.
 */
export type TakeBackup = (file: string | undefined) => Promise<Backup>;
