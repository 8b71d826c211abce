import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { MEMORY_FILE, type MemoryRecord } from '../../domain/memory/memory-record.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { encodeId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import { appear } from './appear.js';
import { ObservationQueries } from './observation-statements.js';
import { PROMPT_COLUMNS, type PromptRow, toPrompt } from './prompt-statements.js';
import { SessionQueries } from './session-statements.js';
import { WorkspaceQueries } from './workspace-statements.js';

export interface ExportMemoryInput {
  readonly database: string;
  readonly file: string;
}

const OWNER_ONLY = 0o600;
/** Characters that are gathered before they are written. */
const CHUNK = 1_000_000;
/** Keys that are read at once. */
const PAGE = 500;

/** Writes all that is remembered as JSON lines, in the order of the ids, whole or not at all. For a worker thread. */
export async function exportMemory({
  database: path,
  file,
}: ExportMemoryInput): Promise<{ records: number; bytes: number }> {
  if (existsSync(file)) throw new DomainError('conflict', `${file} exists already; name a new file.`);
  const partial = `${file}.partial`;
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    database.exec('BEGIN');
    const written = writeLines(partial, recordsOf(database));
    await appear(partial, file);
    return written;
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof DomainError || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw new DomainError('unavailable', `${file} cannot be written: ${messageOf(error)}.`);
  } finally {
    database.close();
  }
}

function writeLines(path: string, records: Iterable<MemoryRecord>): { records: number; bytes: number } {
  const handle = openSync(path, 'w', OWNER_ONLY);
  try {
    let text = `${JSON.stringify(MEMORY_FILE)}\n`;
    let count = 0;
    let bytes = 0;
    for (const record of records) {
      count += 1;
      text += `${JSON.stringify(record)}\n`;
      if (text.length < CHUNK) continue;
      writeFileSync(handle, text);
      bytes += Buffer.byteLength(text);
      text = '';
    }
    writeFileSync(handle, text);
    bytes += Buffer.byteLength(text);
    fsyncSync(handle);
    return { records: count, bytes };
  } finally {
    closeSync(handle);
  }
}

/** A session's task stays behind: it is no memory. What was forgotten, and prompts without words, stay behind too. */
function* recordsOf(database: Database.Database): Generator<MemoryRecord> {
  const workspaces = new WorkspaceQueries(database);
  for (const key of keysOf(database, 'workspace')) {
    const workspace = workspaces.find(key);
    if (workspace !== undefined) yield { workspace };
  }
  const sessions = new SessionQueries(database);
  for (const key of keysOf(database, 'session')) {
    const session = sessions.find(key);
    if (session !== undefined) yield { session: { ...session, taskId: null } };
  }
  const prompts = database.prepare<[number], PromptRow>(`SELECT ${PROMPT_COLUMNS} FROM prompt WHERE id = ?`).raw();
  for (const key of keysOf(database, 'prompt', "text <> ''")) {
    const row = prompts.get(key);
    if (row !== undefined) yield { prompt: toPrompt(row) };
  }
  const observations = new ObservationQueries(database);
  for (const key of keysOf(database, 'observation', 'forgotten_at IS NULL')) {
    const [observation] = observations.getMany([encodeId('obs', key)]);
    if (observation?.status === 'kept') yield { observation };
  }
}

function* keysOf(database: Database.Database, table: string, condition = 'true'): Generator<number> {
  const page = database
    .prepare<[number, number], number>(`SELECT id FROM ${table} WHERE id > ? AND ${condition} ORDER BY id LIMIT ?`)
    .pluck();
  for (let after = 0; ; ) {
    const keys = page.all(after, PAGE);
    yield* keys;
    const last = keys.at(-1);
    if (last === undefined) return;
    after = last;
  }
}
