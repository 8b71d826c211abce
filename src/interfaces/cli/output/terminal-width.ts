import type { WriteStream } from 'node:tty';

/** Cells in a line of a terminal that does not tell. */
const USUAL_WIDTH = 80;

/** Cells in a line of this terminal. One without a size says 0. */
export function widthOf({ columns }: Pick<WriteStream, 'columns'>): number {
  return columns || USUAL_WIDTH;
}
