import type { Database } from 'better-sqlite3';
import { DomainError } from '../../domain/shared/domain-error.js';

/** Our name of what is read, and the names that its column has had, newest first. */
const COLUMNS = {
  sdk_sessions: {
    content: ['content_session_id', 'claude_session_id'],
    memory: ['memory_session_id', 'sdk_session_id'],
    project: ['project'],
    platform: ['platform_source'],
    title: ['custom_title'],
    prompt: ['user_prompt'],
    started: ['started_at_epoch'],
    startedText: ['started_at'],
    completed: ['completed_at_epoch'],
    completedText: ['completed_at'],
  },
  user_prompts: {
    sessionRow: ['session_db_id'],
    content: ['content_session_id', 'claude_session_id'],
    number: ['prompt_number'],
    text: ['prompt_text'],
    at: ['created_at_epoch'],
    atText: ['created_at'],
  },
  observations: {
    memory: ['memory_session_id', 'sdk_session_id'],
    project: ['project'],
    merged: ['merged_into_project'],
    type: ['type'],
    title: ['title'],
    subtitle: ['subtitle'],
    narrative: ['narrative'],
    text: ['text'],
    facts: ['facts'],
    concepts: ['concepts'],
    filesRead: ['files_read'],
    filesModified: ['files_modified'],
    at: ['created_at_epoch'],
    atText: ['created_at'],
  },
  session_summaries: {
    memory: ['memory_session_id', 'sdk_session_id'],
    project: ['project'],
    merged: ['merged_into_project'],
    request: ['request'],
    investigated: ['investigated'],
    learned: ['learned'],
    completed: ['completed'],
    nextSteps: ['next_steps'],
    notes: ['notes'],
    filesRead: ['files_read'],
    filesModified: ['files_edited'],
    at: ['created_at_epoch'],
    atText: ['created_at'],
  },
} as const;
type Table = keyof typeof COLUMNS;

/** Without one of each group nothing can be made of a row. */
const NEEDED: Readonly<Record<Table, readonly (readonly string[])[]>> = {
  sdk_sessions: [['content'], ['memory'], ['project'], ['started', 'startedText']],
  user_prompts: [['sessionRow', 'content'], ['text'], ['at', 'atText']],
  observations: [['memory'], ['project'], ['type'], ['title', 'narrative', 'text'], ['at', 'atText']],
  session_summaries: [['memory'], ['project'], ['request', 'learned', 'completed'], ['at', 'atText']],
};
/** Tables that came later, or that there need not be. */
const OPTIONAL: ReadonlySet<Table> = new Set(['user_prompts', 'session_summaries']);

/** The SQL of each column by our name, `NULL` for one that is not there; null for a table that is not there. */
export type Columns<T extends Table> = Readonly<Record<keyof (typeof COLUMNS)[T], string>>;
export type ClaudeMemSchema = {
  readonly sdk_sessions: Columns<'sdk_sessions'>;
  readonly observations: Columns<'observations'>;
  readonly user_prompts: Columns<'user_prompts'> | null;
  readonly session_summaries: Columns<'session_summaries'> | null;
};

/**
 * Looks at which columns a database has. Its version number is not asked: forks count on their own. Throws
 * `invalid_input` for one that is not of claude-mem, or lacks a column that is needed.
 */
export function probeSchema(database: Database, file: string): ClaudeMemSchema {
  const present = new Set(
    database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all(),
  );
  if (!present.has('sdk_sessions') && !present.has('observations')) {
    throw new DomainError('invalid_input', `${file} is a database, but none of claude-mem.`);
  }
  const columnsOf = <T extends Table>(table: T): Columns<T> | null => {
    if (!present.has(table) && OPTIONAL.has(table)) return null;
    const there = new Set(
      database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table),
    );
    const names = Object.entries<readonly string[]>(COLUMNS[table]).map(([ours, theirs]) => {
      const name = theirs.find((one) => there.has(one));
      return [ours, name === undefined ? 'NULL' : `t."${name}"`] as const;
    });
    const columns = Object.fromEntries(names) as Columns<T>;
    const known = Object.fromEntries(names) as Readonly<Record<string, string>>;
    const missing = NEEDED[table].find((group) => group.every((ours) => known[ours] === 'NULL'));
    if (missing === undefined && there.has('id')) return columns;
    const wanted = missing === undefined ? 'id' : (theirNames(table, missing[0] ?? '') ?? 'id');
    throw new DomainError(
      'invalid_input',
      `${file} is of a version of claude-mem that this program does not know (it has no ${table}.${wanted}); ` +
        'upgrade to import it.',
    );
  };
  const needed = <T extends Table>(table: T): Columns<T> => columnsOf(table) as Columns<T>;
  return {
    sdk_sessions: needed('sdk_sessions'),
    observations: needed('observations'),
    user_prompts: columnsOf('user_prompts'),
    session_summaries: columnsOf('session_summaries'),
  };
}

function theirNames(table: Table, ours: string): string | undefined {
  return Object.entries<readonly string[]>(COLUMNS[table]).find(([name]) => name === ours)?.[1][0];
}
