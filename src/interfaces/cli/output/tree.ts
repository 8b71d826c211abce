/** A line of a tree, in the order of reading: one that is deeper than the line before it belongs to that one. */
export interface TreeLine {
  /** 0 for those at the top. */
  readonly depth: number;
  readonly text: string;
}

/** Draws the lines with branches before them. Takes no stack: a tree may be as deep as it likes. */
export function renderTree(lines: readonly TreeLine[]): string {
  const drawn: string[] = [];
  /** Whether another line of this depth follows, before one that is less deep. */
  const follows: boolean[] = [];
  for (const { depth, text } of [...lines].reverse()) {
    const isLast = follows[depth] !== true;
    follows.length = depth + 1;
    follows[depth] = true;
    const stems = Array.from({ length: depth }, (_, above) => (follows[above] === true ? '│  ' : '   '));
    drawn.push(`${stems.join('')}${isLast ? '└─ ' : '├─ '}${text}`);
  }
  return drawn.reverse().join('\n');
}
