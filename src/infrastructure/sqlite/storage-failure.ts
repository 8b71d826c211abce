import Database from 'better-sqlite3';
import { DomainError } from '../../domain/shared/domain-error.js';

/**
 * What a caller is told of a fault of the database: `unavailable` with a sentence when the disk, the file or the
 * machine is at fault. Anything else is handed back as it is: a refusal, or a bug.
 */
export function storageFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const sentence = sentenceOf(error.code, file);
  return sentence === undefined ? error : withCause(new DomainError('unavailable', sentence), error);
}

/** What every caller of a group is told that could not be committed. */
export function lostGroup(cause: unknown, file: string): DomainError {
  const failure = storageFailure(cause, file);
  if (failure instanceof DomainError) return failure;
  return withCause(new DomainError('unavailable', `Nothing was written: ${file} took back the whole commit.`), cause);
}

function sentenceOf(code: string, file: string): string | undefined {
  if (code === 'SQLITE_FULL')
    return `Nothing was written: no space is left for ${file}. Free some space and try again.`;
  if (code.startsWith('SQLITE_IOERR')) return `Nothing was written: the disk that holds ${file} failed (${code}).`;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return `${file} is damaged (${code}). Stop the server and restore a backup with "cw restore".`;
  }
  if (code.startsWith('SQLITE_READONLY')) return `Nothing was written: ${file} cannot be written to (${code}).`;
  if (code.startsWith('SQLITE_CANTOPEN')) return `${file}, or a file beside it, cannot be opened (${code}).`;
  if (code.startsWith('SQLITE_BUSY')) return `Nothing was written: another program has locked ${file}.`;
  if (code.startsWith('SQLITE_NOMEM')) return 'Nothing was written: the database ran out of memory.';
  return undefined;
}

function withCause(failure: DomainError, cause: unknown): DomainError {
  failure.cause = cause;
  return failure;
}
