import type { Database, Statement } from 'better-sqlite3';
import type { Queue, QueueReader, QueueRepository } from '../../domain/task/queue.js';
import type { OpenTransaction } from './open-transaction.js';

/** Prepares the reading of the queue's one row. */
export function readQueue(database: Database): () => Queue {
  const paused = database.prepare<[], number>('SELECT paused FROM queue').pluck();
  return () => ({ paused: paused.get() === 1 });
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
  readonly #read: () => Queue;

  constructor(read: () => Queue) {
    this.#read = read;
  }

  async get(): Promise<Queue> {
    return this.#read();
  }
}

/** The queue as one transaction sees and changes it. */
export class SqliteQueueRepository implements QueueRepository {
  readonly #transaction: OpenTransaction;
  readonly #read: () => Queue;
  readonly #write: (queue: Queue) => void;

  constructor(transaction: OpenTransaction, read: () => Queue, write: (queue: Queue) => void) {
    this.#transaction = transaction;
    this.#read = read;
    this.#write = write;
  }

  async get(): Promise<Queue> {
    this.#transaction.reading();
    return this.#read();
  }

  async save(queue: Queue): Promise<void> {
    this.#transaction.writing();
    this.#write(queue);
  }
}
