import fc from 'fast-check';
import { countTokens as countWhole } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, it } from 'vitest';
import { asData } from '../../../src/domain/context/as-data.js';
import { FIXED_LENGTHS } from '../../../src/domain/context/fixed-lengths.js';
import { longestLength } from '../../../src/domain/context/longest-length.js';
import { countTokens } from '../../../src/infrastructure/tokens/count-tokens.js';
import { createTokenCounter } from '../../../src/infrastructure/tokens/token-counter.js';

describe('the length of a context in tokens', () => {
  it('is the sum of the lengths of its lines, whatever stands in them', () => {
    const line = fc
      .tuple(
        fc.constantFrom('- obs_01ABCDEF234 ', '## ', '> ', '* ', '<'),
        fc.string({ unit: 'binary', maxLength: 80 }),
      )
      .map(([start, text]) => `${start}${asData(text, 80)}\n`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (texts) => {
        const sum = countTokens({ texts }).reduce((total, length) => total + length, 0);
        expect(sum).toBe(countWhole(texts.join(''), { disallowedSpecial: new Set() }));
      }),
    );
  });

  it('is known for what is the same in every context', () => {
    expect(countTokens({ texts: [...FIXED_LENGTHS.keys()] })).toEqual([...FIXED_LENGTHS.values()]);
  });

  it('is never more than what it is taken for without a tokenizer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(countTokens({ texts: [text] })[0]).toBeLessThanOrEqual(longestLength(text));
      }),
    );
  });

  it('is counted for what looks like a special token as for any text', () => {
    expect(countTokens({ texts: ['<|endoftext|>'] })).not.toEqual([1]);
  });

  it('is asked for once for each text', async () => {
    const asked: string[][] = [];
    const count = createTokenCounter({
      run: (_name, input) => {
        const { texts } = input as { texts: readonly string[] };
        asked.push([...texts]);
        return Promise.resolve(texts.map(({ length }) => length) as never);
      },
    });
    expect(await count(['one', 'three', 'one'])).toEqual([3, 5, 3]);
    expect(await count(['three', 'seven', 'one'])).toEqual([5, 5, 3]);
    expect(asked).toEqual([['one', 'three'], ['seven']]);
  });
});
