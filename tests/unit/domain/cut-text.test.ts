import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, mayBeCutTo } from '../../../src/domain/shared/cut-text.js';

describe('a cut text', () => {
  it('is whole, or a beginning of it that ends with "…" and within no character', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 100, size: 'max' });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (whole, length) => {
        const cut = cutText(whole, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        if (whole.length <= length) {
          expect(cut).toBe(whole);
        } else {
          expect(cut.length).toBeGreaterThanOrEqual(length - 1);
          expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
          expect(cut.endsWith('…')).toBe(true);
          expect(mayBeCutTo(cut, length)).toBe(true);
          expect(Buffer.from(cut).toString()).toBe(cut);
        }
      }),
    );
  });

  it('is told from one that is surely whole', () => {
    expect(mayBeCutTo('And so on …', 100)).toBe(false);
    expect(mayBeCutTo('x'.repeat(100), 100)).toBe(false);
  });
});
