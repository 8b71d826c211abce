import type { Database, Statement } from 'better-sqlite3';
import type { Queue, QueueReader, QueueRepository, QueueState } from '../../domain/task/queue.js';
import type { OpenTransaction } from './open-transaction.js';

export const QUEUE_STATEMENTS = {
  // One statement: it is asked at every claim.
  get: 'SELECT paused, EXISTS (SELECT 1 FROM limit_gate), EXISTS (SELECT 1 FROM queue_limit) FROM queue',
} as const;

/** Prepares the reading of the queue's one row. */
export function readQueue(database: Database): () => QueueState {
  const state = database.prepare<[], [paused: number, limited: number, ruled: number]>(QUEUE_STATEMENTS.get).raw();
  return () => {
    const [paused, limited, ruled] = state.get() ?? [0, 0, 0];
    return { paused: paused === 1, limited: limited === 1, ruled: ruled === 1 };
  };
}

/** Prepares the writing of the queue's one row. */
export function writeQueue(database: Database): (queue: Queue) => void {
  const save: Statement<[number]> = database.prepare('UPDATE queue SET paused = ?');
  return ({ paused }) => {
    save.run(paused ? 1 : 0);
  };
}

/** The committed queue. */
export class SqliteQueueReader implements QueueReader {
  readonly #read: () => QueueState;

  constructor(read: () => QueueState) {
    this.#read = read;
  }

  async get(): Promise<QueueState> {
    return this.#read();
  }
}

/** The queue as one transaction sees and changes it. */
export class SqliteQueueRepository implements QueueRepository {
  readonly #transaction: OpenTransaction;
  readonly #read: () => QueueState;
  readonly #write: (queue: Queue) => void;

  constructor(transaction: OpenTransaction, read: () => QueueState, write: (queue: Queue) => void) {
    this.#transaction = transaction;
    this.#read = read;
    this.#write = write;
  }

  async get(): Promise<QueueState> {
    this.#transaction.reading();
    return this.#read();
  }

  async save(queue: Queue): Promise<void> {
    this.#transaction.writing();
    this.#write(queue);
  }
}
