import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/domain/memory/split-words.js';

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
    ['C++ \u0000 \ud800 🎉 _', 'c'],
    ['a'.repeat(65), ''],
  ])('makes of %j the terms %j', (text, terms) => {
    expect(
      splitWords(text)
        .map(({ term }) => term)
        .join(' '),
    ).toBe(terms);
  });

  it('makes terms of letters and digits only, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { term } of splitWords(text)) expect(term).toMatch(/^[\p{L}\p{M}\p{N}]+$/u);
      }),
    );
  });
});
