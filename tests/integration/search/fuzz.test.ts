import { expect, it } from 'vitest';
import { seeded } from '../../bench/recall/chat-set.js';
import { openSearchBench } from '../../support/search.js';

/** Longest a search may take, in milliseconds of this process's own CPU time: the machine may be busy. */
const LONGEST_MS = 300;
const QUESTIONS = 20_000;
const PIECES = [
  '"',
  "'",
  '*',
  '^',
  'NEAR(',
  'AND',
  'OR',
  'NOT',
  '(',
  ')',
  '{title}',
  ':',
  '-',
  '+',
  'C++',
  'c#',
  '--',
  ';',
  '%',
  '_',
  '\\',
  '\u0000',
  '\ud800',
  '\udfff',
  '🎉',
  '👩‍👩‍👧',
  'é',
  'ﬁ',
  '数据',
  'カナ',
  '한국',
  'ไทย',
  'سلام',
  'Привет',
  '́',
  ' ',
  '\n',
  '\t',
  'queue',
  'worker',
  'getUserById',
  'snake_case',
  'src/a/b.ts',
  'a',
  '0',
  '-1',
  '1e9',
  'null',
  'DROP TABLE document',
  'document_index',
];

it('answers 20,000 questions of signs, scraps and syntax, each soon', { timeout: 600_000 }, () => {
  using bench = openSearchBench();
  bench.database.transaction(() => {
    for (let n = 0; n < 60; n += 1) {
      bench.add({
        session: n % 20,
        title: `queue ${String(n)}`,
        body: 'worker getUserById 数据库 カナ snake_case',
        files: ['src/a/b.ts'],
      });
    }
  })();
  const random = seeded(11);
  const slow: string[] = [];
  for (let n = 0; n < QUESTIONS; n += 1) {
    const length = Math.floor(random() * random() * 12) + 1;
    const question = Array.from({ length }, () =>
      random() < 0.2
        ? String.fromCharCode(Math.floor(random() * 65_536))
        : (PIECES[Math.floor(random() * PIECES.length)] ?? ''),
    ).join(random() < 0.5 ? ' ' : '');
    const used = process.cpuUsage();
    bench.search(question, { limit: 5 });
    if (spentMs(used) > LONGEST_MS) slow.push(question);
  }
  expect(slow).toEqual([]);
});

it.each([
  ['10,000 words', Array.from({ length: 10_000 }, (_, n) => `word${String(n)} queue`).join(' ')],
  ['one word of a million letters', 'q'.repeat(1_000_000)],
  ['a million quotes', '"'.repeat(1_000_000)],
  ['100,000 Chinese signs', '数据库'.repeat(33_333)],
])('answers a question of %s', (_, question) => {
  using bench = openSearchBench();
  bench.add({ body: 'queue' });
  const used = process.cpuUsage();
  bench.search(question);
  expect(spentMs(used)).toBeLessThan(LONGEST_MS);
});

function spentMs(used: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1_000;
}
