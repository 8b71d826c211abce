import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openTemporaryStorage } from '../../support/storage.js';
import { appendFacts } from '../../support/storage-samples.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('waiting for commits', () => {
  it('for as long as the server lives leaves nothing behind', async () => {
    await using storage = await openTemporaryStorage({ ringSize: 10 });
    const signals = Array.from({ length: 300 }, () => new AbortController().signal);
    // Armed before every read and awaited only when the read found nothing, as those who follow the log do.
    const round = async (n: number) => {
      const bells = signals.flatMap((signal) => [1, 2].map(() => storage.eventLog.nextCommit(signal)));
      await appendFacts(storage, n);
      await bells[n % bells.length];
    };
    const heapAfter = async (from: number, rounds: number) => {
      for (let n = from; n < from + rounds; n += 1) await round(n);
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await heapAfter(1, 100);
    const after = await heapAfter(101, 400);
    // 400 rounds × 300 signals are 120,000 waits: a leak of a listener each would be over 20 MB.
    expect(after - before).toBeLessThan(3_000_000);
    for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects nobody unheard: a bell that is never awaited may be aborted', async () => {
    await using storage = await openTemporaryStorage();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const stop = new AbortController();
      void storage.eventLog.nextCommit(stop.signal);
      stop.abort(new Error('Nobody listens.'));
      await appendFacts(storage, 1);
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
