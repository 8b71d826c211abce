import { describe, expect, test } from 'vitest';
import { whatRan } from '../../../src/infrastructure/event-loop/what-ran.js';
import { openWorkNotes } from '../../../src/infrastructure/event-loop/work-notes.js';

describe('notes of work', () => {
  test('are read by whoever has the buffer', () => {
    const notes = openWorkNotes();
    notes.note('task.enqueue', undefined, 1.5);
    notes.note('commit', 12, 2);
    const elsewhere = openWorkNotes(notes.buffer);
    expect(elsewhere.count()).toBe(2);
    expect(elsewhere.from(0)).toEqual([
      { what: 'task.enqueue', at: 1.5 },
      { what: 'commit (12)', at: 2 },
    ]);
    expect(elsewhere.from(1)).toEqual([{ what: 'commit (12)', at: 2 }]);
    expect(elsewhere.from(2)).toEqual([]);
  });

  test('are the last 64', () => {
    const notes = openWorkNotes();
    for (let n = 1; n <= 1_000; n += 1) notes.note('commit', n, n);
    const kept = notes.from(0);
    expect(kept).toHaveLength(64);
    expect(kept.map(({ at }) => at)).toEqual(Array.from({ length: 64 }, (_, n) => 937 + n));
  });

  test('have room for so many words, and for the others one', () => {
    const notes = openWorkNotes();
    for (let n = 0; n < 300; n += 1) notes.note(`word ${n}`, undefined, n);
    notes.note('word 7', undefined, 300);
    expect(notes.from(299)).toEqual([
      { what: 'other work', at: 299 },
      { what: 'word 7', at: 300 },
    ]);
  });

  test('cut a long word', () => {
    const notes = openWorkNotes();
    notes.note('x'.repeat(100), undefined, 0);
    notes.note('y', undefined, 1);
    expect(notes.from(0).map(({ what }) => what)).toEqual(['x'.repeat(48), 'y']);
  });
});

test('what ran is told by its time, the longest first, each until the next one begins', () => {
  const notes = [
    { what: 'commit', at: 0 },
    { what: 'task.list', at: 2 },
    { what: 'commit', at: 300 },
    { what: 'claim', at: 305 },
  ];
  expect(whatRan(notes, 310)).toEqual([
    { what: 'task.list', times: 1, ms: 298 },
    { what: 'commit', times: 2, ms: 7 },
    { what: 'claim', times: 1, ms: 5 },
  ]);
  expect(whatRan([], 310)).toEqual([]);
});
