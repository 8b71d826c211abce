import { createHash, randomUUID } from 'node:crypto';
import { derivedName } from '../../domain/session/derived-name.js';

/** Characters of a hash that make an id: 96 bits, as no two will ever share. */
const LENGTH = 24;

/**
 * An id for what its agent gives none: the same for the same parts, so that a second delivery is known. Without a `key`
 * that tells this one from another just like it (a time, the id of a delivery), it is a new one each time: to count twice
 * is the lesser fault.
 */
export function derivedId(key: string | null, ...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of [key ?? randomUUID(), ...parts]) hash.update(`${textOf(part)}\u0000`);
  return derivedName(hash.digest('hex').slice(0, LENGTH));
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  try {
    // Undefined for what is no JSON, whatever its type says.
    const text: unknown = JSON.stringify(part);
    return typeof text === 'string' ? text : '';
  } catch (error) {
    // Nested too deep to be written: the other parts have to do.
    if (error instanceof RangeError) return '';
    throw error;
  }
}
