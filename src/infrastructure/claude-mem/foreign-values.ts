import { prepareText } from '../../domain/privacy/prepare-text.js';
import { redactText } from '../../domain/privacy/redact-text.js';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { cutText } from '../../domain/shared/cut-text.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';

/** Smaller numbers are seconds: as milliseconds they would be of before 1973. */
const LEAST_MS = 100_000_000_000;
/** Longest list that is taken; of a longer one, the first. */
const MAX_ITEMS = 200;

/** A value of a column as a text; empty for what is none. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A list that was kept as a JSON array or as text, with an item on each line. */
export function toList(value: unknown): string[] {
  const text = toText(value).trim();
  const items = text.startsWith('[') ? fromJson(text) : null;
  return (items ?? text.split('\n'))
    .map((item) =>
      toText(item)
        .replace(/^\s*[-*•]\s+/u, '')
        .trim(),
    )
    .filter((item) => item !== '')
    .slice(0, MAX_ITEMS);
}

/** A list of names or paths; as text, an item on each line or between commas. */
export function toNames(value: unknown): string[] {
  const text = toText(value).trim();
  const items = text.startsWith('[') || text.includes('\n') ? toList(text) : toList(text.split(',').join('\n'));
  return [...new Set(items.map((item) => cutText(redactText(item), MAX_PATH_LENGTH)))];
}

function fromJson(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** What may be kept of a text: no private parts, no secrets, about `cap` characters. */
export function clean(value: unknown, cap: number): string {
  return prepareText(toText(value), cap).text.trim();
}

/** A moment from a number of milliseconds or seconds, else from a text such as SQLite or JavaScript writes; else 0. */
export function toMoment(epoch: unknown, text: unknown): Timestamp {
  if (typeof epoch === 'number' && epoch > 0) return Math.round(epoch < LEAST_MS ? epoch * 1_000 : epoch);
  const moment = Date.parse(toText(text));
  return Number.isNaN(moment) ? 0 : Math.max(0, moment);
}
