import type { JsonOption } from './help.js';
import { type Column, renderTable } from './output/table.js';
import type { Page } from './pages.js';
import type { Terminal } from './terminal.js';

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
