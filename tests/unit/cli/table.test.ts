import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { createColours } from '../../../src/interfaces/cli/output/colours.js';
import { renderTable, truncate } from '../../../src/interfaces/cli/output/table.js';

const plain = createColours({ variables: {}, isTerminal: false });
const rows = [
  { id: 'a', count: 5, text: 'short' },
  { id: 'bcd', count: 12, text: '日本語の長いテキスト and more of it that does not fit' },
];
const columns = [
  { title: 'ID', text: ({ id }: (typeof rows)[number]) => id },
  { title: 'N', text: ({ count }: (typeof rows)[number]) => String(count), align: 'right' as const },
  { title: 'TEXT', text: ({ text }: (typeof rows)[number]) => text, shrinks: true },
];

describe('a table', () => {
  it('aligns its columns and cuts nothing where there is no terminal', () => {
    expect(renderTable(rows, columns, { colours: plain, width: undefined })).toBe(
      ['ID    N  TEXT', 'a     5  short', 'bcd  12  日本語の長いテキスト and more of it that does not fit'].join('\n'),
    );
  });

  it('fits the terminal, counting cells and not characters', () => {
    const lines = renderTable(rows, columns, { colours: plain, width: 30 }).split('\n');
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(30);
    expect(lines[2]).toMatch(/…$/);
  });

  it('keeps its columns readable on a terminal that is too narrow for it', () => {
    const lines = renderTable(rows, columns, { colours: plain, width: 5 }).split('\n');
    expect(lines[1]).toBe('a     5  short');
  });

  it('never cuts a character in two', () => {
    expect(truncate('👩‍💻👩‍💻👩‍💻', 4)).toBe('👩‍💻…');
    expect(truncate('abc', 3)).toBe('abc');
  });

  it('colours whole cells, so that colours do not count', () => {
    const colours = createColours({ variables: { FORCE_COLOR: '1' }, isTerminal: false });
    const [, line = ''] = renderTable(
      rows,
      [{ title: 'ID', text: ({ id }) => id, colour: (text) => colours.red(text) }, columns[1] ?? never()],
      { colours, width: undefined },
    ).split('\n');
    expect(line).toBe(`${colours.red('a  ')}   5`);
  });
});

function never(): never {
  throw new Error('There is a second column.');
}
