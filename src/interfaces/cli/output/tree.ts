/** A line of a tree, in the order of reading: one that is deeper than the line before it belongs to that one. */
export interface TreeLine {
  /** 0 for those at the top. */
  readonly depth: number;
  readonly text: string;
}

/** Levels that are drawn to the left of a line; of a longer chain the nearest ones, or its text would be far off the screen. */
const MAX_STEMS = 16;

/** Draws the lines with branches before them. Takes no stack: a tree may be as deep as it likes. */
export function renderTree(lines: readonly TreeLine[]): string {
  const drawn: string[] = [];
  /** Whether another line of this depth follows, before one that is less deep. */
  const follows: boolean[] = [];
  for (const { depth, text } of [...lines].reverse()) {
    const isLast = follows[depth] !== true;
    follows.length = depth + 1;
    follows[depth] = true;
    const left = Math.max(0, depth - MAX_STEMS);
    const stems = Array.from({ length: depth - left }, (_, at) => (follows[left + at] === true ? '│  ' : '   '));
    drawn.push(`${left > 0 ? '…  ' : ''}${stems.join('')}${isLast ? '└─ ' : '├─ '}${text}`);
  }
  return drawn.reverse().join('\n');
}
