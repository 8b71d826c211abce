import type { Stopwatch } from '../ports/stopwatch.js';
import type { Timer } from '../ports/timer.js';
import type { Stores, Transaction } from '../ports/transaction.js';

/** Most rows that one transaction removes: some 2 ms. With 1,000 at once, p99 of an enqueue beside it was 9 ms. */
export const STEP_ROWS = 250;
/** A transaction goes on to no further row after so long, in milliseconds: everybody else waits meanwhile. */
export const STEP_MS = 3;
/** Between two steps, in milliseconds: the writer is free for others most of the time. */
const REST_MS = 6;

export interface StepNeeds {
  readonly transaction: Transaction;
  readonly timer: Timer;
  readonly stopwatch: Pick<Stopwatch, 'elapsed'>;
}

/** Takes steps, with a rest after each, until one says that there is no further one. Throws the signal's reason. */
export async function inSteps(
  { timer }: Pick<StepNeeds, 'timer'>,
  signal: AbortSignal,
  step: () => Promise<boolean>,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (!(await step())) return;
    await rest(timer, signal);
  }
}

/** Removes each of these by itself, many in a transaction; gives those that are gone. Throws the signal's reason. */
export async function removeEach<Item>(
  needs: StepNeeds,
  signal: AbortSignal,
  items: readonly Item[],
  remove: (stores: Stores, item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const { transaction, stopwatch } = needs;
  const gone: Item[] = [];
  let next = 0;
  await inSteps(needs, signal, async () => {
    const { tried, removed } = await transaction(async (stores) => {
      const done: { tried: number; removed: Item[] } = { tried: 0, removed: [] };
      const began = stopwatch.elapsed();
      for (const item of items.slice(next, next + STEP_ROWS)) {
        if (await remove(stores, item)) done.removed.push(item);
        done.tried += 1;
        if (stopwatch.elapsed() - began >= STEP_MS) break;
      }
      return done;
    });
    next += tried;
    for (const item of removed) gone.push(item);
    return next < items.length;
  });
  return gone;
}

function rest(timer: Timer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = timer(REST_MS, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
