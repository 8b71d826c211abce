import { DomainError } from '../domain/shared/domain-error.js';
import type { Logger } from './ports/logger.js';
import type { Timer } from './ports/timer.js';
import type { Transaction } from './ports/transaction.js';

/** How long to wait before a write is tried again that found no room; a full disk is seldom emptied faster. */
const RETRY_MS = 1_000;

/**
 * A transaction for what has already happened and must be written down, such as an agent's result: while the storage
 * is unavailable (disk full) it is tried again instead of refused. Once the server closes it is not: a server that
 * waits for room would never end, and what is not written down is put right by the next start.
 */
export function createPersistentTransaction({
  transaction,
  timer,
  logger,
  closing,
}: {
  readonly transaction: Transaction;
  readonly timer: Timer;
  readonly logger: Logger;
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal;
}): Transaction {
  return async (work) => {
    for (;;) {
      try {
        return await transaction(work);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'unavailable' || closing.aborted) throw error;
        logger.error('a write is tried again', { reason: error.message, inMs: RETRY_MS });
        await new Promise<void>((resolve) => timer(RETRY_MS, resolve));
      }
    }
  };
}
