import type { Database } from 'better-sqlite3';
import type { Timestamp } from '../../domain/shared/timestamp.js';

/** Before these moments nothing of a kind has begun, so nothing of it has ended either; null where there is none. */
export interface OldestRows {
  readonly tasks: Timestamp | null;
  readonly agents: Timestamp | null;
  readonly toolUseTexts: Timestamp | null;
}

/** One row each, by its key: a few microseconds however many there are. */
const OLDEST: Record<keyof OldestRows, string> = {
  tasks: 'SELECT created_at FROM task ORDER BY id LIMIT 1',
  agents: 'SELECT started_at FROM agent ORDER BY id LIMIT 1',
  toolUseTexts: `SELECT at FROM tool_use WHERE id = (SELECT min(tool_use_id) FROM tool_use_text)`,
};

export function readOldestRows(database: Database): OldestRows {
  const oldest = (kind: keyof OldestRows) => database.prepare<[], Timestamp>(OLDEST[kind]).pluck().get() ?? null;
  return { tasks: oldest('tasks'), agents: oldest('agents'), toolUseTexts: oldest('toolUseTexts') };
}
