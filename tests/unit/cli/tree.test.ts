import { expect, it } from 'vitest';
import { renderTree } from '../../../src/interfaces/cli/output/tree.js';

it('draws a branch to every line, and a stem where more follows', () => {
  const lines = (...all: [depth: number, text: string][]) => renderTree(all.map(([depth, text]) => ({ depth, text })));
  expect(lines()).toBe('');
  expect(lines([0, 'only'])).toBe('└─ only');
  expect(lines([0, 'a'], [1, 'b'], [2, 'c'], [1, 'd'], [0, 'e'], [1, 'f'], [2, 'g'])).toBe(
    ['├─ a', '│  ├─ b', '│  │  └─ c', '│  └─ d', '└─ e', '   └─ f', '      └─ g'].join('\n'),
  );
});

it('keeps a long chain on the screen', () => {
  const lines = renderTree(Array.from({ length: 200 }, (_, depth) => ({ depth, text: String(depth) }))).split('\n');
  expect(lines[16]).toBe(`${'   '.repeat(16)}└─ 16`);
  expect(lines[17]).toBe(`…  ${'   '.repeat(16)}└─ 17`);
  expect(lines[199]).toBe(`…  ${'   '.repeat(16)}└─ 199`);
});
