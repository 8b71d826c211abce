import { isObject, notAn, removeAt, setAt, valueAt } from './json-text.js';
import { foreignEntry, isOurEntry, MCP_NAME } from './mcp-entry.js';

/** How an agent's settings name an MCP server. */
export interface EntryShape {
  /** The object that holds the servers. */
  readonly servers: string;
  /** What the entry's variables are called. */
  readonly variables: string;
}

/** Has the document hold our entry with these fields, and the data directory among its variables if one is named. */
export function setEntry(
  text: string,
  file: string,
  { servers, variables }: EntryShape,
  fields: Readonly<Record<string, unknown>>,
  home: string | null,
): string {
  const all = valueAt(text, [servers]);
  if (all !== undefined && !isObject(all)) throw notAn('object', `"${servers}"`, file);
  const path = [servers, MCP_NAME];
  const existing = valueAt(text, path);
  if (existing !== undefined && !(isObject(existing) && isOurEntry(existing))) throw foreignEntry(file);
  const variable = home === null ? {} : { [variables]: { CW_HOME: home } };
  if (existing === undefined) return setAt(text, path, { ...fields, ...variable });
  // Field by field: whatever else the user has added to the entry stays.
  let changed = text;
  for (const [key, value] of Object.entries(fields)) changed = setAt(changed, [...path, key], value);
  if (home !== null) return setAt(changed, [...path, variables, 'CW_HOME'], home);
  return removeWithEmptyParent(changed, [...path, variables, 'CW_HOME']);
}

/** Takes our entry away; one that is not ours stays. */
export function removeEntry(text: string, { servers }: EntryShape): string {
  const path = [servers, MCP_NAME];
  const existing = valueAt(text, path);
  return isObject(existing) && isOurEntry(existing) ? removeWithEmptyParent(text, path) : text;
}

function removeWithEmptyParent(text: string, path: readonly string[]): string {
  if (valueAt(text, [...path]) === undefined) return text;
  const parent = valueAt(text, path.slice(0, -1));
  const isLast = isObject(parent) && Object.keys(parent).length === 1;
  return removeAt(text, isLast ? path.slice(0, -1) : [...path]);
}
