import Database from 'better-sqlite3';

const SESSION = `(SELECT source || ' ' || provider_session_id FROM session WHERE session.id = session_id)`;

/**
 * What is remembered, without what depends on when and in which order it came: ids, times that the agent did not tell,
 * numbers, states, and, for an agent that names no turns, which turn something was taken to belong to.
 */
const DUMP = {
  sessions: `SELECT source, provider_session_id, agent, cwd, transcript_path, path AS workspace
    FROM session JOIN workspace ON workspace.id = workspace_id`,
  prompts: `SELECT ${SESSION} AS session, who, iif(${SESSION} LIKE 'gemini%', '', turn) AS turn, text FROM prompt`,
  toolUses: `SELECT ${SESSION} AS session, tool_use.tool_use_id, iif(${SESSION} LIKE 'gemini%', '', turn) AS turn, subagent,
    name, outcome, via, cwd, duration_ms, input, result FROM tool_use JOIN tool_use_text t ON t.tool_use_id = tool_use.id`,
  captured: `SELECT ${SESSION} AS session, data FROM event WHERE type = 'tooluse.captured'`,
} as const;

export type MemoryDump = Readonly<Record<keyof typeof DUMP, readonly string[]>>;

/** Reads what a database remembers, in an order of its own. No server may have it open. */
export function dumpMemory(file: string): MemoryDump {
  const database = new Database(file);
  try {
    const rows = Object.entries(DUMP).map(([name, sql]) => [
      name,
      database
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]);
    return Object.fromEntries(rows) as MemoryDump;
  } finally {
    database.close();
  }
}
