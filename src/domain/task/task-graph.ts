import { DomainError } from '../shared/domain-error.js';

/** Names of a cycle that are shown at its begin and at its end; what is between is counted. */
const SHOWN_FIRST = 6;
const SHOWN_LAST = 3;

const NEW = 0;
const OPEN = 1;
const DONE = 2;

/** An order in which each node has all that it comes after before it, or a cycle of nodes that has none. */
export type GraphOrder = { readonly order: readonly number[] } | { readonly cycle: readonly number[] };

/**
 * Puts nodes, which are numbers from 0, in order: as they are given, but for what each one comes after, `after[node]`, which
 * is pulled before it. In a cycle each node comes after the one before it, and the first after the last. Takes time in
 * proportion to nodes and edges, and no stack: a chain may be as long as it likes.
 */
export function orderGraph(after: readonly (readonly number[])[]): GraphOrder {
  const states = new Uint8Array(after.length);
  /** How many of a node's edges have been followed. */
  const followed = new Uint32Array(after.length);
  const order: number[] = [];
  for (let start = 0; start < after.length; start += 1) {
    if (states[start] !== NEW) continue;
    const path = [start];
    states[start] = OPEN;
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const at = followed[node] ?? 0;
      const next = after[node]?.[at];
      followed[node] = at + 1;
      if (next === undefined) {
        states[node] = DONE;
        order.push(node);
        path.pop();
      } else if (states[next] === OPEN) {
        return { cycle: path.slice(path.indexOf(next)).reverse() };
      } else if (states[next] === NEW) {
        states[next] = OPEN;
        path.push(next);
      }
    }
  }
  return { order };
}

/** The refusal of a graph in which these tasks, each of which comes after the one before it, wait for each other. */
export function cycleError(names: readonly string[]): DomainError {
  const closed = [...names, ...names.slice(0, 1)];
  const left = closed.length - SHOWN_FIRST - SHOWN_LAST;
  const shown =
    left <= 1 ? closed : [...closed.slice(0, SHOWN_FIRST), `… ${String(left)} more …`, ...closed.slice(-SHOWN_LAST)];
  return new DomainError(
    'invalid_input',
    `These tasks would wait for each other for ever, each for the one before it: ${shown.join(' → ')}.`,
  );
}
