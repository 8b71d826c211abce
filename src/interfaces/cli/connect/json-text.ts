import { isDeepStrictEqual } from 'node:util';
import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { ConfigurationError } from '../../../environment.js';
import { insertLast, removeChild, replaceValue } from './json-edit.js';

/**
 * Settings in JSON, changed as text: comments, order, indentation and line breaks of everything else stay as they are.
 * Comments and trailing commas are let pass, because agents do.
 */

const EMPTY = '{}\n';
const BYTE_ORDER_MARK = '\uFEFF';

/** Applies an edit to the document in `text`; an empty text counts as an empty document. Throws a ConfigurationError. */
export function editJson(text: string, file: string, edit: (text: string) => string): string {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const document = text.slice(mark.length);
  if (document.trim() === '') {
    const edited = edit(EMPTY);
    return edited === EMPTY ? text : mark + edited;
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(document, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = document.slice(0, first.offset).split('\n').length;
    throw new ConfigurationError(
      `${file} is not valid JSON: ${printParseErrorCode(first.error)} in line ${line}. Correct it first; nothing was written.`,
    );
  }
  if (!isObject(value)) throw notAn('object', 'The document', file);
  return mark + edit(document);
}

/** What stands at a path; undefined for nothing. */
export function valueAt(text: string, path: JSONPath): unknown {
  let value: unknown = parse(text, [], { allowTrailingComma: true });
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Puts a value at a path, unless it stands there; what is above it is made. -1 as the last key appends to a list. */
export function setAt(text: string, path: JSONPath, value: unknown): string {
  const root = treeOf(text);
  const node = findNodeAtLocation(root, path);
  if (node !== undefined) {
    return isDeepStrictEqual(getNodeValue(node), value) ? text : replaceValue(text, node, value);
  }
  const above = path.slice(0, -1);
  const key = path.at(-1);
  const container = findNodeAtLocation(root, above);
  if (container?.type !== 'object' && container?.type !== 'array') {
    return setAt(text, above, typeof key === 'number' ? [value] : { [String(key)]: value });
  }
  return insertLast(text, container, typeof key === 'number' ? '' : `${JSON.stringify(key)}: `, value);
}

/** Takes away what stands at a path, if it does. */
export function removeAt(text: string, path: JSONPath): string {
  const value = findNodeAtLocation(treeOf(text), path);
  // In an object the child is the member, of which the value is a part.
  const child = value?.parent?.type === 'property' ? value.parent : value;
  const container = child?.parent;
  if (child === undefined || container === undefined) return text;
  return removeChild(text, container, container.children?.indexOf(child) ?? -1);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function notAn(kind: 'object' | 'list', what: string, file: string): ConfigurationError {
  const article = kind === 'object' ? 'an object' : 'a list';
  return new ConfigurationError(`${what} in ${file} is not ${article}. Correct it first; nothing was written.`);
}

/** The document, which has been looked at before: it is one. */
function treeOf(text: string): Node {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) throw new Error('An empty text is no JSON document.');
  return root;
}
