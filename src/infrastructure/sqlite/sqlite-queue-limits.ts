import type { QueueLimit, QueuePart, Rate } from '../../domain/queue-limit/queue-limit.js';
import type {
  CountedLimit,
  GroupHolder,
  QueueLimitReader,
  QueueLimitRepository,
} from '../../domain/queue-limit/queue-limit-repository.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { QueueLimitQueries, QueueLimitWrites } from './queue-limit-statements.js';

/** The limits of the queue as a connection sees them; `guard` is asked before every read. */
export class SqliteQueueLimitReader implements QueueLimitReader {
  readonly #queries: QueueLimitQueries;
  readonly #guard: () => void;

  constructor(queries: QueueLimitQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async all(): Promise<CountedLimit[]> {
    this.#guard();
    return this.#queries.all();
  }

  async find(part: QueuePart): Promise<QueueLimit | undefined> {
    this.#guard();
    return this.#queries.find(part);
  }

  async startsAfter(part: QueuePart, time: Timestamp): Promise<number> {
    this.#guard();
    return this.#queries.startsAfter(part, time);
  }

  async holders(): Promise<GroupHolder[]> {
    this.#guard();
    return this.#queries.holders();
  }
}

/** The limits as one transaction sees and changes them. */
export class SqliteQueueLimits extends SqliteQueueLimitReader implements QueueLimitRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: QueueLimitWrites;

  constructor(transaction: OpenTransaction, queries: QueueLimitQueries, writes: QueueLimitWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async save(limit: QueueLimit): Promise<void> {
    this.#transaction.writing();
    this.#writes.save(limit);
  }

  async remove(part: QueuePart): Promise<void> {
    this.#transaction.writing();
    this.#writes.remove(part);
  }

  async noteStart(part: QueuePart, rate: Rate, at: Timestamp): Promise<Timestamp | null> {
    this.#transaction.writing();
    return this.#writes.noteStart(part, rate, at);
  }

  async pullBackStarts(part: QueuePart, now: Timestamp): Promise<void> {
    this.#transaction.writing();
    this.#writes.pullBackStarts(part, now);
  }
}
