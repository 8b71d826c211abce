import { expect, it } from 'vitest';
import { createPersistentTransaction } from '../../../src/application/persistent-transaction.js';
import type { Transaction } from '../../../src/application/ports/transaction.js';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { createManualTime } from '../../support/manual-time.js';

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Storage without any room, and how often it was asked. */
function fullDisk() {
  let asked = 0;
  const transaction: Transaction = () => {
    asked += 1;
    return Promise.reject(new DomainError('unavailable', 'No space is left.'));
  };
  return { transaction, asked: () => asked };
}

it('tries a write again for as long as there is no room', async () => {
  const time = createManualTime();
  const { transaction, asked } = fullDisk();
  const { signal } = new AbortController();
  void createPersistentTransaction({ transaction, timer: time.timer, logger, closing: signal })(() =>
    Promise.resolve(),
  );
  for (let tries = 1; tries <= 3; tries += 1) {
    await expect.poll(() => time.pending()).toBe(1);
    expect(asked()).toBe(tries);
    time.advance(1_000);
  }
});

it('gives up once the server closes, which would wait for ever otherwise', async () => {
  const time = createManualTime();
  const { transaction } = fullDisk();
  const closing = new AbortController();
  const persistent = createPersistentTransaction({ transaction, timer: time.timer, logger, closing: closing.signal });
  const before = persistent(() => Promise.resolve());
  await expect.poll(() => time.pending()).toBe(1);
  closing.abort();
  time.advance(1_000);
  await expect(before).rejects.toMatchObject({ code: 'unavailable' });
  await expect(persistent(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
});
