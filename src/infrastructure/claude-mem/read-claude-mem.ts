import Database from 'better-sqlite3';
import type { ForeignBatch, ForeignPlace, ForeignRecord } from '../../application/ports/claude-mem.js';
import { type Row, toObservation, toPrompt, toSession, toSummary } from './foreign-records.js';
import { type ClaudeMemSchema, probeSchema } from './probe-schema.js';

/** Rows of a batch: they are one transaction, for which others wait some 15 ms. */
const MAX_BATCH = 50;

/** The tables in the order in which they are read: what others refer to comes first. */
const ORDER = ['sessions', 'prompts', 'observations', 'summaries'] as const;

const MAKE: Readonly<Record<ForeignPlace['table'], (row: Row) => ForeignRecord>> = {
  sessions: toSession,
  prompts: toPrompt,
  observations: toObservation,
  summaries: toSummary,
};

/** Reads a batch of a copy from a place on. For a worker thread. */
export function readClaudeMem({ copy, from }: { readonly copy: string; readonly from: ForeignPlace }): ForeignBatch {
  const database = new Database(copy, { readonly: true, fileMustExist: true });
  try {
    database.pragma('trusted_schema = OFF');
    const sql = selectsOf(probeSchema(database, copy))[from.table];
    const rows = sql === null ? [] : database.prepare<[number, number], Row>(sql).all(from.after, MAX_BATCH);
    const last = rows.at(-1);
    const isLast = rows.length < MAX_BATCH || last === undefined;
    const table = ORDER[ORDER.indexOf(from.table) + 1];
    return {
      records: rows.map(MAKE[from.table]),
      next: isLast ? (table === undefined ? null : { table, after: 0 }) : { table: from.table, after: last.id },
    };
  } finally {
    database.close();
  }
}

/** What is read of each table, as columns of our names. */
function selectsOf(schema: ClaudeMemSchema): Readonly<Record<ForeignPlace['table'], string | null>> {
  const { sdk_sessions: session, user_prompts: prompts, observations, session_summaries: summaries } = schema;
  const of = (column: string) => column.replace('t.', 's.');
  const found = `${of(session.content)} AS content, ${of(session.platform)} AS platform, s.id AS sessionRow`;
  /** The session of a row: the oldest with that id, as ids of two kinds of agent may be the same. */
  const byId = (ours: string, theirs: string) => `(SELECT min(s.id) FROM sdk_sessions s WHERE ${of(theirs)} = ${ours})`;
  const joined = (columns: Readonly<Record<string, string>>, table: string, sessionRow: string) => `
    SELECT t.id AS id, ${listOf(columns)}, ${found}, ${of(session.project)} AS ownProject
    FROM ${table} t LEFT JOIN sdk_sessions s ON s.id = ${sessionRow} WHERE t.id > ? ORDER BY t.id LIMIT ?`;
  const promptsOf =
    prompts === null
      ? '0'
      : `(SELECT count(*) FROM user_prompts t WHERE ${prompts.sessionRow} = s.id
        OR (${prompts.sessionRow} IS NULL AND ${prompts.content} = ${of(session.content)}))`;
  return {
    sessions: `SELECT s.id AS id, ${listOf(session).replaceAll('t."', 's."')}, ${promptsOf} AS prompts
      FROM sdk_sessions s WHERE s.id > ? ORDER BY s.id LIMIT ?`,
    prompts:
      prompts === null
        ? null
        : joined(
            { number: prompts.number, text: prompts.text, at: prompts.at, atText: prompts.atText },
            'user_prompts',
            `COALESCE(${prompts.sessionRow}, ${byId(prompts.content, session.content)})`,
          ),
    observations: joined(observations, 'observations', byId(observations.memory, session.memory)),
    summaries:
      summaries === null ? null : joined(summaries, 'session_summaries', byId(summaries.memory, session.memory)),
  };
}

function listOf(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([ours, sql]) => `${sql} AS ${ours}`)
    .join(', ');
}
