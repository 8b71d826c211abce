import stringWidth from 'string-width';
import type { Colours } from './colours.js';

export interface Column<Row> {
  readonly title: string;
  /** The cell's text: one line, already harmless. */
  readonly text: (row: Row) => string;
  readonly colour?: (text: string, row: Row) => string;
  readonly align?: 'right';
  /** True for the column that gives way when the terminal is narrow. */
  readonly shrinks?: boolean;
}

const GAP = '  ';
/** A shrunk column keeps this many cells, however narrow the terminal: less tells nothing. */
const LEAST_SHRUNK = 12;

/** Lines of a table, without the last line break. `width` is the terminal's, in cells, or undefined to cut nothing. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { colours, width }: { readonly colours: Colours; readonly width: number | undefined },
): string {
  const cells = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map(({ title }, at) =>
    Math.max(stringWidth(title), ...cells.map((line) => stringWidth(line[at] ?? ''))),
  );
  shrink(widths, columns, width);

  const lines = [columns.map(({ title, align }, at) => colours.dim(fit(title, widths[at] ?? 0, align)))];
  for (const [index, row] of rows.entries()) {
    lines.push(
      columns.map(({ colour, align }, at) => {
        const text = fit(cells[index]?.[at] ?? '', widths[at] ?? 0, align);
        return colour === undefined ? text : colour(text, row);
      }),
    );
  }
  return lines.map((line) => line.join(GAP).trimEnd()).join('\n');
}

function shrink<Row>(widths: number[], columns: readonly Column<Row>[], width: number | undefined): void {
  if (width === undefined) return;
  let over = widths.reduce((sum, cell) => sum + cell, GAP.length * (widths.length - 1)) - width;
  for (const [at, { shrinks }] of columns.entries()) {
    const present = widths[at] ?? 0;
    if (shrinks !== true || over <= 0 || present <= LEAST_SHRUNK) continue;
    widths[at] = Math.max(LEAST_SHRUNK, present - over);
    over -= present - widths[at];
  }
}

/** Cuts or fills text to exactly this many cells. */
function fit(text: string, width: number, align: 'right' | undefined): string {
  const cut = truncate(text, width);
  const fill = ' '.repeat(Math.max(0, width - stringWidth(cut)));
  return align === 'right' ? fill + cut : cut + fill;
}

/** Cuts text to at most this many cells, ending with `…` when something is lost; never inside a character. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
