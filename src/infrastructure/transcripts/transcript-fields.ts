import { MAX_NAME_LENGTH } from '../../domain/session/capture-limits.js';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; of what is none, none. */
export function fieldsOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

/** A moment, written as ISO 8601; null for anything else. */
export function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isSafeInteger(at) && at >= 0 ? at : null;
}

export function nameOf(value: unknown): string | null {
  return textOf(value, MAX_NAME_LENGTH);
}

/** A text that is neither empty nor longer than this; null for anything else. */
export function textOf(value: unknown, longest: number): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : null;
}

/** The texts of blocks of this type, one a line. */
export function wordsOf(blocks: readonly Fields[], type?: string): string {
  return blocks
    .filter((block) => (type === undefined || block['type'] === type) && typeof block['text'] === 'string')
    .map((block) => String(block['text']))
    .join('\n');
}
