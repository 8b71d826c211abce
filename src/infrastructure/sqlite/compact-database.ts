import Database from 'better-sqlite3';
import type { Compacted } from '../../application/ports/compact-storage.js';
import { indexDocument } from '../../domain/memory/index-document.js';
import { documentOfObservation, documentOfPrompt } from '../../domain/memory/observation-document.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { sizeOf } from './measure-database.js';
import { OBSERVATION_COLUMNS, type ObservationRow, toObservation } from './observation-rows.js';
import { PROMPT_COLUMNS, type PromptRow, toPrompt } from './prompt-statements.js';

export interface CompactDatabaseInput {
  readonly database: string;
}

/** How long to wait for those who still read what was before, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Writes the database anew, so that nothing that was deleted is left in it, its write-ahead log or its index. Nobody else
 * may write meanwhile. For a worker thread: some seconds for each gigabyte.
 */
export function compactDatabase({ database: path }: CompactDatabaseInput): Compacted {
  const bytesBefore = sizeOf(path);
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma('foreign_keys = ON');
    removeUnusedWords(database);
    // The index keeps what was taken out until its parts are merged.
    database.exec("INSERT INTO document_index (document_index) VALUES ('optimize')");
    database.exec("INSERT INTO word_part (word_part) VALUES ('optimize')");
    database.exec('VACUUM');
    const [checkpoint] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (checkpoint?.busy !== 0) {
      throw new DomainError('unavailable', 'Somebody still reads what was before; prune again in a moment.');
    }
    return { bytesBefore, bytesAfter: sizeOf(path) };
  } finally {
    database.close();
  }
}

/** The words of the index outlive their documents, because nobody counts who has them. */
function removeUnusedWords(database: Database.Database): void {
  database.transaction(() => {
    database.exec('CREATE TEMP TABLE used_word (word TEXT PRIMARY KEY) WITHOUT ROWID');
    const use = database.prepare<[string]>('INSERT OR IGNORE INTO used_word (word) VALUES (?)');
    for (const words of wordsOfAll(database)) for (const word of words) use.run(word);
    database.exec('DELETE FROM word WHERE word NOT IN (SELECT word FROM used_word)');
    database.exec('DROP TABLE used_word');
  })();
}

/** Rows are read by pages: a connection that iterates can do nothing else. */
const PAGE = 500;

function* wordsOfAll(database: Database.Database): Generator<ReadonlySet<string>> {
  const observations = database
    .prepare<[number, number], ObservationRow>(
      `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE forgotten_at IS NULL AND id > ? ORDER BY id LIMIT ?`,
    )
    .raw();
  for (const row of paged((after) => observations.all(after, PAGE))) {
    const observation = toObservation(row);
    if (observation.status === 'kept') yield indexDocument(documentOfObservation(observation)).words;
  }
  const prompts = database
    .prepare<[number, number], PromptRow>(
      `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE text <> '' AND id > ? ORDER BY id LIMIT ?`,
    )
    .raw();
  for (const row of paged((after) => prompts.all(after, PAGE)))
    yield indexDocument(documentOfPrompt(toPrompt(row))).words;
}

function* paged<Row extends readonly [id: number, ...rest: unknown[]]>(
  pageAfter: (key: number) => Row[],
): Generator<Row> {
  for (let after = 0; ; ) {
    const page = pageAfter(after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    [after] = last;
  }
}
