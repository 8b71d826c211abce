import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleError, orderGraph } from '../../../src/domain/task/task-graph.js';

/** Any graph of a few nodes, with edges to any of them. */
const GRAPHS = fc
  .integer({ min: 0, max: 8 })
  .chain((size) =>
    fc.array(fc.array(fc.nat(Math.max(0, size - 1)), { maxLength: 4 }), { minLength: size, maxLength: size }),
  );

/** Whether no order exists, found by taking away what comes after nothing that is left. */
function isCyclic(after: readonly (readonly number[])[]): boolean {
  const left = new Set(after.keys());
  for (;;) {
    const free = [...left].filter((node) => !after[node]?.some((earlier) => left.has(earlier)));
    if (free.length === 0) return left.size > 0;
    for (const node of free) left.delete(node);
  }
}

describe('a graph', () => {
  it('is put in an order in which each comes after all it names, or has a cycle of its own edges', () => {
    fc.assert(
      fc.property(GRAPHS, (after) => {
        const found = orderGraph(after);
        expect('cycle' in found).toBe(isCyclic(after));
        if ('cycle' in found) {
          const { cycle } = found;
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [at, node] of cycle.entries()) expect(after[node]).toContain(cycle.at(at - 1));
        } else {
          const places = new Map(found.order.map((node, place) => [node, place]));
          expect([...found.order].sort((a, b) => a - b)).toEqual([...after.keys()]);
          for (const [node, earlier] of after.entries()) {
            for (const one of earlier) expect(places.get(one)).toBeLessThan(places.get(node) ?? -1);
          }
        }
      }),
    );
  });

  it('keeps the order that it is given in, as far as it can', () => {
    expect(orderGraph([[], [], [0, 1], []])).toEqual({ order: [0, 1, 2, 3] });
    expect(orderGraph([[2], [], []])).toEqual({ order: [2, 0, 1] });
  });

  it('may be one chain of any length, in any direction, or one cycle', () => {
    const length = 100_000;
    const chain = Array.from({ length }, (_, node) => (node + 1 < length ? [node + 1] : []));
    expect(orderGraph(chain)).toEqual({ order: [...chain.keys()].reverse() });
    expect(orderGraph(chain.map((after) => (after.length === 0 ? [0] : after)))).toEqual({
      cycle: [...chain.keys()].reverse(),
    });
  });

  it('names its cycle, shortened in the middle', () => {
    expect(cycleError(['a', 'b', 'c']).message).toBe(
      'These tasks would wait for each other for ever, each for the one before it: a → b → c → a.',
    );
    const names = Array.from({ length: 10_000 }, (_, n) => `t${String(n)}`);
    expect(cycleError(names).message).toMatch(/: t0 → t1 → t2 → t3 → t4 → t5 → … 9992 more … → t9998 → t9999 → t0\.$/);
  });
});
