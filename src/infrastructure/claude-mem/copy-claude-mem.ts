import { copyFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ForeignProject } from '../../application/ports/claude-mem.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';
import { findProjects } from './find-projects.js';
import { type ClaudeMemSchema, probeSchema } from './probe-schema.js';

/** The database, its write-ahead log, and what SQLite needs to undo a change that was cut off. */
const PARTS = ['', '-wal', '-journal'] as const;

export interface CopyClaudeMem {
  readonly file: string;
  /** A private directory, empty. */
  readonly directory: string;
}

/**
 * Copies a database that may be in use and looks at the copy: whether it is sound, and has what is read of it. The
 * original is only read, and not by SQLite, which would write beside it. For a worker thread.
 */
export function copyClaudeMem(
  { file, directory }: CopyClaudeMem,
  copyFile: (from: string, to: string) => void = copyFileSync,
): { copy: string; projects: ForeignProject[] } {
  const copy = join(directory, 'claude-mem.db');
  const before = stampsOf(file);
  if (before[0] === null) throw new DomainError('invalid_input', `${file} cannot be read: it is not there.`);
  try {
    for (const [at, part] of PARTS.entries()) if (before[at] !== null) copyFile(file + part, copy + part);
  } catch (error) {
    // A log that is gone now was there a moment ago.
    if (codeOf(error) === 'ENOENT') throw beingWritten(file);
    throw new DomainError('invalid_input', `${file} cannot be read: ${messageOf(error)}.`);
  }
  if (stampsOf(file).join() !== before.join()) throw beingWritten(file);
  if (statSync(copy).size === 0) throw new DomainError('invalid_input', `${file} is empty.`);
  return { copy, projects: lookAt(copy, file) };
}

/** What of the database is there, each as a text that changes with it. */
function stampsOf(file: string): (string | null)[] {
  return PARTS.map((part) => {
    let found: Stats | undefined;
    try {
      found = statSync(file + part, { throwIfNoEntry: false });
    } catch (error) {
      throw new DomainError('invalid_input', `${file} cannot be read: ${messageOf(error)}.`);
    }
    return found === undefined ? null : `${String(found.ino)} ${String(found.size)} ${String(found.mtimeMs)}`;
  });
}

function beingWritten(file: string): DomainError {
  return new DomainError(
    'unavailable',
    `${file} is being written; end the sessions that use claude-mem, or its worker, and try again.`,
  );
}

function lookAt(copy: string, file: string): ForeignProject[] {
  let database: Database.Database | undefined;
  try {
    database = new Database(copy, { fileMustExist: true });
    database.pragma('trusted_schema = OFF');
    const found = database.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw damaged(file, String(found));
    // From here on the copy is one file.
    database.pragma('journal_mode = DELETE');
    const schema = probeSchema(database, file);
    addIndexes(database, schema);
    return findProjects(database, schema);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code === 'SQLITE_NOTADB') throw new DomainError('invalid_input', `${file} is no SQLite database.`);
    throw damaged(file, error.message);
  } finally {
    database?.close();
  }
}

/** By what rows find their session. Not every version has these; the copy is ours. */
function addIndexes(
  database: Database.Database,
  { sdk_sessions: session, user_prompts: prompts }: ClaudeMemSchema,
): void {
  const wanted = {
    sdk_sessions: [session.content, session.memory],
    user_prompts: prompts === null ? [] : [prompts.content, prompts.sessionRow],
  };
  for (const [table, columns] of Object.entries(wanted)) {
    for (const [at, column] of columns.filter((one) => one !== 'NULL').entries()) {
      database.exec(`CREATE INDEX cw_${table}_${String(at)} ON ${table} (${column.replace('t.', '')})`);
    }
  }
}

function damaged(file: string, why: string): DomainError {
  const fault = why.split('\n').find((line) => !line.startsWith('***')) ?? why;
  return new DomainError('invalid_input', `${file} is damaged (${fault.slice(0, 200)}). Nothing was imported.`);
}
