import type { Timestamp } from '../shared/timestamp.js';

/**
 * Rows of other programs' databases that were imported, each known by a name that it has for ever, such as
 * `claude-mem:observations:4f1c…:17`.
 */
export interface ImportedRows {
  /** Whether it was imported before, also if it was forgotten since. */
  has(source: string): Promise<boolean>;
  /** Notes a row as imported and gives it a free key, so that it is sorted where it was at that moment. */
  give(source: string, at: Timestamp): Promise<number>;
}
