/** A place in the configuration, from its outermost key inwards. */
export type SettingPath = readonly string[];

/** Outermost keys whose members are named by the user; the names may hold dots themselves. */
const NAMED_BY_USER = 'agents';

/**
 * Reads `pool.max` as a path. A profile's name may hold dots: in `agents.my.tests.command` the longest name that stands
 * in the document is taken for one.
 */
export function settingPath(key: string, document: unknown): SettingPath {
  const parts = key.split('.');
  const [first, ...rest] = parts;
  if (first !== NAMED_BY_USER || rest.length < 2) return parts;
  const profiles = memberOf(document, NAMED_BY_USER);
  for (let end = rest.length; end > 0; end -= 1) {
    const name = rest.slice(0, end).join('.');
    if (memberOf(profiles, name) !== undefined) return [first, name, ...rest.slice(end)];
  }
  return parts;
}

/** The value at a place, or undefined if nothing stands there. */
export function valueAt(document: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>(memberOf, document);
}

/** A copy of the document in which this value stands at this place; what is on the way is made if it is not there. */
export function withValueAt(document: unknown, path: SettingPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const entries = isRecord(document) ? Object.entries(document) : [];
  const changed = withValueAt(memberOf(document, key), rest, value);
  const at = entries.findIndex(([name]) => name === key);
  // In its old place if it had one. By entries, so that no key, not even `__proto__`, is more than a key.
  return Object.fromEntries(entries.toSpliced(at < 0 ? entries.length : at, 1, [key, changed]));
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
