import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripPrivate } from '../../../src/domain/privacy/private-parts.js';

const CASES: readonly [name: string, text: string, left: string][] = [
  ['a part', 'a <private>x</private> b', 'a  b'],
  ['two parts', '<private>x</private>a<private>x</private>', 'a'],
  ['nested parts', 'a<private>x<private>x</private>x</private>b', 'ab'],
  ['an unclosed part', 'a <private>x and x', 'a '],
  ['an unclosed part after a closed one', 'a<private>x</private>b<private>x', 'ab'],
  ['an outer part that is not closed', 'a<private>x<private>x</private>x', 'a'],
  ['capitals', 'a<PRIVATE>x</Private>b', 'ab'],
  ['attributes', 'a<private reason="x" level=2>x</private>b', 'ab'],
  ['several lines', 'a\n<private>\nx\nx\n</private >\nb', 'a\n\nb'],
  ['an unfinished opening tag', 'a <private', 'a '],
  ['an unfinished closing tag', 'a<private>x</private x', 'a'],
  ['blanks in the tag', 'a< private>x</private>b', 'ab'],
  ['a self-closed tag, which closes nothing', 'a<private/>x', 'a'],
  ['JSON with escaped brackets', '{"a":"\\u003cprivate\\u003ex\\u003c/private\\u003e b"}', '{"a":" b"}'],
  ['JSON with capitals in the escape', '\\u003Cprivate\\u003Ex\\u003C/private\\u003Eb', 'b'],
  ['JSON in JSON', 'a\\\\u003cprivate\\\\u003ex\\\\u003c/private\\\\u003eb', 'ab'],
  ['JSON with an escaped slash', 'a<private>x<\\/private>b', 'ab'],
  ['a closing tag alone', 'a</private>b', 'ab'],
  ['a tag that appears when another is gone', 'a<pri<private>x</private>vate>x', 'a'],
  [
    'other tags',
    '<privateer>a</privateer> <private-key> private <b>',
    '<privateer>a</privateer> <private-key> private <b>',
  ],
];

describe('private parts', () => {
  it.each(CASES)('are removed: %s', (_name, text, left) => {
    expect(stripPrivate(text).text).toBe(left);
    expect(left).not.toContain('x');
  });

  it.each(['<private>x</private>', ' \n<private>x', '<private>x</private>\n <PRIVATE>y</PRIVATE>\t', '</private>'])(
    'make a text private as a whole when nothing else is there: %j',
    (text) => {
      expect(stripPrivate(text).isPrivate).toBe(true);
    },
  );

  it.each(['', '  ', 'a', 'a<private>x</private>'])('do not make this one private as a whole: %j', (text) => {
    expect(stripPrivate(text).isPrivate).toBe(false);
  });

  it('are gone after one application, whatever stands around them', () => {
    const pieces = fc.constantFrom(
      '<private>',
      '</private>',
      '<pri',
      'vate>',
      '<',
      '/',
      '\\',
      '\\u003c',
      'private',
      '>',
      'a',
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const once = stripPrivate(parts.join('')).text;
        expect(once).not.toMatch(/<private[\s>]/i);
        expect(stripPrivate(once).text).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are removed from a text of 16 million characters with a million tags', () => {
    const text = `a${'<private>x</private>'.repeat(800_000)}b`;
    expect(stripPrivate(text).text).toBe('ab');
  });
});
