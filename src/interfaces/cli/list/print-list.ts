import type { JsonOption } from '../help.js';
import type { Colours } from '../output/colours.js';
import { type Column, renderTable } from '../output/table.js';
import type { Terminal } from '../terminal.js';
import type { Page } from './read-pages.js';

/** The column of states, each in the colour that `colours` has for it. */
export function statusColumn<Status extends string>(
  terminal: Terminal,
  colours: Readonly<Record<Status, keyof Omit<Colours, 'isColorSupported'>>>,
): Column<{ readonly status: Status }> {
  return {
    title: 'STATUS',
    text: ({ status }) => status,
    colour: (text, { status }) => terminal.colours[colours[status]](text),
  };
}

/** Prints a page of a list: a document for programs, a table for people. `none` is said when nothing is in it. */
export function printList<Item>(
  terminal: Terminal,
  { json }: JsonOption,
  page: Page<Item>,
  columns: readonly Column<Item>[],
  none: string,
): void {
  if (json === true) {
    terminal.printJson(page);
    return;
  }
  if (page.items.length === 0) {
    terminal.note(none);
    return;
  }
  terminal.print(renderTable(page.items, columns, terminal));
  if (page.nextCursor !== null) terminal.note(`There are more: --cursor ${page.nextCursor}, or a higher --limit.`);
}
