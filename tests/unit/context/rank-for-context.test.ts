import { describe, expect, it } from 'vitest';
import { openPoints } from '../../../src/domain/context/open-points.js';
import { type AtHand, rankForContext } from '../../../src/domain/context/rank-for-context.js';
import type { KeptObservation } from '../../../src/domain/observation/observation.js';
import { observation } from '../../support/storage-samples.js';

const NOTHING: AtHand = { prompt: '', files: [] };

describe('what is told first', () => {
  const plain: Partial<KeptObservation> = {
    type: 'change',
    title: 'Words',
    narrative: '',
    concepts: [],
    filesRead: [],
    filesModified: [],
  };
  const old = Array.from({ length: 60 }, (_, n) => observation(n + 1, plain)).reverse();

  function first(change: Parameters<typeof observation>[1], atHand = NOTHING): number {
    const changed = old.map((one, place) => (place === 30 ? { ...one, ...change } : one));
    return rankForContext(changed, atHand).findIndex(({ id }) => id === old[30]?.id);
  }

  it('is the newest, other things being equal', () => {
    expect(rankForContext(old, NOTHING)).toEqual(old);
  });

  it('is a decision before a command of the same age', () => {
    expect(first({ type: 'decision' })).toBeLessThan(first({ type: 'command' }));
  });

  it('is what touched the files at hand, whatever directory their paths start from', () => {
    const files = { filesModified: ['src/main.ts'] };
    for (const file of ['src/main.ts', './src/main.ts', '/home/me/project/src/main.ts', 'main.ts']) {
      expect(first(files, { ...NOTHING, files: [file] })).toBe(0);
    }
    expect(first(files, { ...NOTHING, files: ['ain.ts'] })).toBe(30);
  });

  it('is what has the words of the prompt', () => {
    expect(first({ title: 'Retry the lease' }, { ...NOTHING, prompt: 'the lease is lost, retry' })).toBe(0);
  });
});

describe('what a summary leaves open', () => {
  it.each([
    ['Asked: a fix\nDone: it\nOpen: write the test\nand the page', 'write the test\nand the page'],
    ['Done: it\n- Next steps: release\n- Found: a leak', 'release'],
    ['## Left open: one thing\n## Done: others', 'one thing'],
    ['Open: nothing.', null],
    ['Done: opened the file', null],
    ['', null],
  ])('of %j is %j', (summary, open) => {
    expect(openPoints(summary)).toBe(open);
  });
});
