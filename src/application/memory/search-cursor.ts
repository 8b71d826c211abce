import { z } from 'zod';
import type { SearchCursor } from '../../domain/memory/search-request.js';
import { DomainError } from '../../domain/shared/domain-error.js';

const Cursor = z.strictObject({
  offset: z.int().nonnegative(),
  lastKey: z.int().nonnegative(),
  ordinal: z.int().nonnegative(),
  recentKey: z.int().nonnegative(),
  documents: z.int().nonnegative(),
  averageLength: z.int().positive(),
  frequencies: z.array(z.int().nonnegative()).max(64),
  similar: z.array(z.int().nonnegative()).max(50).optional(),
});

/** Writes a cursor as one word. */
export function encodeCursor(cursor: SearchCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Reads it back. Throws `invalid_input` for a text that is no cursor of a search. */
export function decodeCursor(text: string): SearchCursor {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw notACursor();
  }
  const { data } = Cursor.safeParse(value);
  if (data === undefined) throw notACursor();
  return data;
}

function notACursor(): DomainError {
  return new DomainError('invalid_input', 'The cursor is not nextCursor of a search before; start again without it.');
}
