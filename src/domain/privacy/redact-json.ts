import { prepareText } from './prepare-text.js';
import { secretNamed } from './secret-names.js';
import { isPlaceholder } from './secret-values.js';
import { MARKER_START, markerOf } from './span.js';

/** What JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface PreparedJson {
  readonly value: Json;
  /** Something was left out: too deep, too many, or too long. */
  readonly isCut: boolean;
}

/** Tool inputs are a few levels deep. */
const MAX_DEPTH = 32;
/** Values looked at, of all levels together. */
const MAX_VALUES = 20_000;
const TOO_DEEP = '[left out: nested too deep]';
const TOO_MUCH = '[left out: too long]';
/** Numbers under `password` from here on are passwords. */
const MIN_PIN = 1_000;

/**
 * A copy of a JSON value without private parts and secrets: strings as `prepareText`, and the value under a key such as
 * `password` whatever it looks like. At most `cap` characters of strings in all; depth and number of values are bounded.
 * What is no JSON (a function, a cycle past the depth) is left out.
 */
export function redactJson(value: unknown, cap: number): PreparedJson {
  let room = cap;
  let values = 0;
  let isCut = false;

  const cut = (what: string): string => {
    isCut = true;
    return what;
  };
  const readText = (text: string): string => {
    if (room <= 0 && text !== '') return cut(TOO_MUCH);
    const prepared = prepareText(text, room);
    room -= prepared.text.length;
    if (prepared.leftOut > 0) isCut = true;
    return prepared.text;
  };
  const read = (part: unknown, label: string | undefined, isPassword: boolean, depth: number): Json => {
    values += 1;
    if (part === null || typeof part === 'boolean') return part;
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) return null;
      return isPassword && label !== undefined && part >= MIN_PIN ? markerOf(label) : part;
    }
    if (typeof part === 'string') {
      return label === undefined || isHarmless(part) ? readText(part) : markerOf(label);
    }
    if (typeof part !== 'object') return null;
    if (depth >= MAX_DEPTH) return cut(TOO_DEEP);
    if (Array.isArray(part)) {
      const list: Json[] = [];
      for (const item of part) {
        if (values >= MAX_VALUES) return [...list, cut(TOO_MUCH)];
        list.push(read(item, label, isPassword, depth + 1));
      }
      return list;
    }
    const entries: [string, Json][] = [];
    for (const [key, item] of Object.entries(part)) {
      if (values >= MAX_VALUES || room <= 0) {
        entries.push([cut(TOO_MUCH), null]);
        break;
      }
      if (item === undefined) continue;
      const named = secretNamed(key);
      entries.push([readText(key), read(item, named?.label, named?.kind === 'password', depth + 1)]);
    }
    return Object.fromEntries(entries);
  };

  return { value: read(value, undefined, false, 0), isCut };
}

/** Nothing to hide, or hidden already. */
function isHarmless(text: string): boolean {
  return isPlaceholder(text) || text.startsWith(MARKER_START);
}
