import { expect, it } from 'vitest';
import { openSearchBench, type SearchBench } from '../../support/search.js';

const DIMENSIONS = 16;

/** Gives the document a vector that points mostly along one axis. */
function pointTo(axis: number, others = 0): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, (_, at) => (at === axis ? 1 : (at % 3) * others - 0.01));
}

function store({ database }: SearchBench, key: number, vector: Float32Array): void {
  database.prepare('INSERT OR IGNORE INTO vector_model (one, model, dimensions) VALUES (1, ?, ?)').run('m', DIMENSIONS);
  database.prepare('INSERT INTO vector (key, embedding) VALUES (?, ?)').run(key, Buffer.from(vector.buffer));
  const bits = Buffer.alloc(DIMENSIONS / 8);
  for (const [at, number] of vector.entries()) {
    if (number > 0) bits.writeUInt8(bits.readUInt8(at >> 3) | (1 << (at & 7)), at >> 3);
  }
  database.prepare('INSERT INTO vector_bits (key, bits) VALUES (?, ?)').run(key, bits);
}

it('finds by meaning what has none of the words, and leaves it out without a vector', () => {
  using bench = openSearchBench();
  bench.add({ body: 'the car is red' }, { body: 'an automobile in the garage' }, { body: 'soup for lunch' });
  store(bench, 1, pointTo(2, 0.1));
  store(bench, 2, pointTo(2));
  expect(bench.keys('car')).toEqual([1]);
  expect(bench.keys('car', { vector: pointTo(2) })).toEqual([1, 2]);
});

it('leaves out by the filter what is similar, also when the cursor names it', () => {
  using bench = openSearchBench();
  bench.add({ body: 'car one' }, { body: 'car two' }, { body: 'automobile', workspace: 2 });
  for (const key of [1, 2, 3]) store(bench, key, pointTo(2));
  const request = { filter: { workspaces: [1] }, vector: pointTo(2), limit: 1 };
  const { next } = bench.search('car', request);
  expect(bench.keys('car', { ...request, limit: 50 }).sort()).toEqual([1, 2]);
  const forged = next === null ? undefined : { ...next, offset: 0, similar: [3, 2, 1] };
  expect(bench.keys('car', { ...request, cursor: forged, limit: 50 }).sort()).toEqual([1, 2]);
});

it('pages through words and meaning with nothing twice and nothing missed, also when vectors come meanwhile', () => {
  using bench = openSearchBench();
  for (let n = 1; n <= 20; n += 1) {
    bench.add({ body: n % 2 === 0 ? `car ${String(n)}` : `automobile ${String(n)}` });
    if (n < 20) store(bench, n, pointTo(n % 5));
  }
  const whole = bench.keys('car', { vector: pointTo(2) });
  const paged: number[] = [];
  let page = bench.search('car', { vector: pointTo(2), limit: 3 });
  store(bench, 20, pointTo(2));
  for (;;) {
    paged.push(...page.hits.map(({ key }) => key));
    if (page.next === null) break;
    page = bench.search('car', { limit: 3, cursor: page.next });
  }
  expect(paged).toEqual(whole);
  expect(new Set(paged).size).toBe(20);
});

it('takes a vector out with its document, and answers by words for a vector of another length', () => {
  using bench = openSearchBench();
  bench.database.pragma('foreign_keys = ON');
  bench.add({ body: 'car' }, { body: 'automobile' });
  store(bench, 2, pointTo(2));
  expect(bench.keys('car', { vector: new Float32Array(8).fill(1) })).toEqual([1]);
  bench.writes.remove(2);
  expect(bench.database.prepare('SELECT count(*) FROM vector_bits').pluck().get()).toBe(0);
  expect(bench.keys('car', { vector: pointTo(2) })).toEqual([1]);
});
