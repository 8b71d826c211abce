import { expect, it } from 'vitest';
import { snippetOf } from '../../../src/domain/memory/snippet.js';

it('shows the place where most of the terms stand, and where they are', () => {
  const text = `${'Nothing here. '.repeat(40)}The queue kept the workers waiting. ${'More of it. '.repeat(40)}`;
  const { text: shown, highlights } = snippetOf(text, new Set(['queue', 'worker', 'wait']));
  expect(shown.startsWith('…')).toBe(true);
  expect(shown.endsWith('…')).toBe(true);
  expect(highlights.map(([start, end]) => shown.slice(start, end))).toEqual(['queue', 'workers', 'waiting']);
});

it('shows the start of a text with none of them', () => {
  expect(snippetOf('One thing', new Set(['zebra']))).toEqual({ text: 'One thing', highlights: [] });
});

it('marks an identifier for one of its parts', () => {
  expect(snippetOf('call getUserById now', new Set(['user'])).highlights).toEqual([[5, 16]]);
});
