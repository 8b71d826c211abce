import { createScanner, type Node } from 'jsonc-parser';

/**
 * Changes to one place of a JSON text that leave every other character as it is: the library's own would format the lines
 * around anew.
 */

/** Puts a member (`"key": ` is its label) or an item (no label) at the end of an object or a list. */
export function insertLast(text: string, container: Node, label: string, value: unknown): string {
  const close = container.offset + container.length - 1;
  const children = container.children ?? [];
  const last = children.at(-1);
  const eol = eolOf(text);
  const outer = indentAt(text, container.offset);
  const isSpread = last === undefined || text.slice(container.offset, children[0]?.offset).includes('\n');
  if (!isSpread) {
    const item = label + JSON.stringify(value);
    return splice(text, endOf(last), endOf(last), `,${/, /.test(text) ? ' ' : ''}${item}`);
  }
  const inner = children[0] === undefined ? outer + unitOf(text) : indentAt(text, children[0].offset);
  const item = label + spread(text, value, inner);
  // Behind what is said of the last child in a comment.
  const end = text.slice(0, close).trimEnd().length;
  const comma = last === undefined ? undefined : commaBetween(text, endOf(last), close);
  const added = `${eol}${inner}${item}${comma === undefined ? '' : ','}`;
  const tail = text.slice(end, close).includes('\n') ? '' : eol + outer;
  const inserted = splice(text, end, end, added + tail);
  return last === undefined || comma !== undefined ? inserted : splice(inserted, endOf(last), endOf(last), ',');
}

/** Puts a value in the place of another, in one line or in several as that one was. */
export function replaceValue(text: string, { offset, length }: Node, value: unknown): string {
  const isSpread = text.slice(offset, offset + length).includes('\n');
  const item = isSpread ? spread(text, value, indentAt(text, offset)) : JSON.stringify(value);
  return splice(text, offset, offset + length, item);
}

/** Takes away a child of an object or a list, with the comma and the line break that came with it. */
export function removeChild(text: string, container: Node, index: number): string {
  const children = container.children ?? [];
  const child = children[index];
  if (child === undefined) return text;
  const close = container.offset + container.length - 1;
  const before = text.slice(0, child.offset).trimEnd().length;
  const comma = commaBetween(text, endOf(child), children[index + 1]?.offset ?? close);
  if (index < children.length - 1 && comma !== undefined) {
    // What comes next takes its place.
    const next = comma + 1 + (/^\s*/.exec(text.slice(comma + 1))?.[0].length ?? 0);
    return splice(text, child.offset, next, '');
  }
  if (comma !== undefined) return splice(text, before, comma + 1, '');
  const previous = children[index - 1];
  const isAlone = previous === undefined && before === container.offset + 1;
  if (isAlone && text.slice(endOf(child), close).trim() === '') return splice(text, before, close, '');
  const removed = splice(text, before, endOf(child), '');
  const earlier = previous === undefined ? undefined : commaBetween(text, endOf(previous), child.offset);
  return earlier === undefined ? removed : splice(removed, earlier, earlier + 1, '');
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** A value in several lines, all but the first of them with this indentation at least. */
function spread(text: string, value: unknown, indent: string): string {
  return JSON.stringify(value, null, unitOf(text)).replaceAll('\n', eolOf(text) + indent);
}

/** What the document indents by: its first indented line tells. */
function unitOf(text: string): string {
  return /\n([\t ]+)\S/.exec(text)?.[1] ?? '  ';
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

/** Where a comma stands there, outside of comments. */
function commaBetween(text: string, start: number, end: number): number | undefined {
  const scanner = createScanner(text.slice(start, end), true);
  scanner.scan();
  const at = start + scanner.getTokenOffset();
  return text[at] === ',' && at < end ? at : undefined;
}

/** The indentation of the line that this stands in. */
function indentAt(text: string, offset: number): string {
  return /^[\t ]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}
