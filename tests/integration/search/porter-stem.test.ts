import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { porterStem } from '../../../src/domain/memory/porter-stem.js';

/** Starts and ends that reach every rule of the algorithm. */
const STARTS =
  'a be hop fall plast relat condit val digit form oper feud decis hope call form sens tri electr adopt activ prob contr roll'.split(
    ' ',
  );
const ENDS = (
  's sses ies ss eed ed ing ated bled ized ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness ' +
  'fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion ou ' +
  'ism ate iti ous ive ize e ll le tion sion ying'
).split(' ');

it('stems as SQLite does', () => {
  const words = STARTS.flatMap((start) => ENDS.map((end) => start + end));
  using database = openIndex();
  const insert = database.prepare('INSERT INTO text (rowid, word) VALUES (?, ?)');
  for (const [place, word] of words.entries()) insert.run(place + 1, word);
  const stems = database.prepare<[], { doc: number; term: string }>('SELECT doc, term FROM term ORDER BY doc').all();
  expect(words.map((word) => [word, porterStem(word)])).toEqual(stems.map(({ doc, term }) => [words[doc - 1], term]));
});

function openIndex(): Database.Database & Disposable {
  const database = new Database(':memory:');
  database.exec("CREATE VIRTUAL TABLE text USING fts5 (word, tokenize = 'porter ascii')");
  database.exec("CREATE VIRTUAL TABLE term USING fts5vocab (text, 'instance')");
  return Object.assign(database, { [Symbol.dispose]: () => void database.close() });
}
