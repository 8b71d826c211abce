import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/domain/memory/split-words.js';

/** Of any characters. `fc.string` needs a second of work before it gives the first one of these. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10_ff_ff }))
  .map((characters) => characters.map((character) => String.fromCodePoint(character)).join(''));

describe('splitWords', () => {
  it.each([
    ['getUserById', 'getuserbyid get user by id'],
    ['HTTPServer2', 'httpserver2 http server2'],
    ['snake_case_name', 'snakecasename snake case name'],
    ['src/domain/task.ts', 'src domain task ts'],
    ['kebab-case v1.2', 'kebab case v1 2'],
    ['Connections were CLOSED', 'connect were close'],
    ['Müller’s café', 'muller s cafe'],
    ['数据库', '数据 据库 库'],
    ['use データ now', 'us デー ータ タ now'],
    ['x数y', 'x 数 y'],
    ['½数 ↉', '12 数 03'],
    ['1½', '112'],
    ['ﷺ数', 'صلىاللهعليهوسلم 数'],
    ['C++ \u0000 \ud800 🎉 _', 'c'],
    ['a'.repeat(65), ''],
  ])('makes of %j the terms %j', (text, terms) => {
    expect(
      splitWords(text)
        .map(({ term }) => term)
        .join(' '),
    ).toBe(terms);
  });

  it.each([
    ['whatever it is given', (text: string) => text],
    ['also beside a script without spaces', (text: string) => Array.from(text).join('数')],
  ])('makes terms of letters and digits only, %s', (_what, textOf) => {
    fc.assert(
      fc.property(anyText.map(textOf), (text) => {
        const wrong = splitWords(text).filter(({ term }) => !/^[\p{L}\p{M}\p{N}]+$/u.test(term));
        expect(wrong).toEqual([]);
      }),
    );
  });
});
