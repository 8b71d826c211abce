import type { Database, Statement } from 'better-sqlite3';
import type { NoteWork } from '../../application/ports/event-loop.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { OpenTransaction } from './open-transaction.js';
import { lostGroup, storageFailure } from './storage-failure.js';

/** Most transactions of one commit: more gain nothing (an fsync is long paid for) and only make the first one wait. */
export const MAX_GROUP = 256;
/** Longest time that a group goes on taking transactions in, in milliseconds; the event loop waits as long. */
const MAX_GROUP_MS = 10;
/** Most transactions that may wait; beyond that the caller is told to come back later. */
export const MAX_WAITING = 100_000;

/** State in memory that goes with what is written: it must be kept, undone and lost together with it. */
export interface Companion {
  /** The running transaction has succeeded; the group may still be lost. */
  keep(): void;
  /** The running transaction is rolled back. */
  undo(): void;
  /** Last chance to write, before the COMMIT. */
  flush(): void;
  /** The group is on disk. */
  committed(): void;
  /** The group is not on disk and never will be. */
  lost(): void;
}

interface Job<Stores> {
  readonly work: (stores: Stores) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  transaction: OpenTransaction | undefined;
  failed: boolean;
  answer: unknown;
}

/**
 * Runs transactions one at a time on the one connection that writes, and commits together those that wait together.
 *
 * ```
 *  setImmediate ─▶ BEGIN ─▶ work 1 ─▶ work 2 ─▶ … ─▶ COMMIT ─▶ answers
 *                             └ throws: its savepoint is rolled back, the others go on
 * ```
 *
 * A group lives within one turn of the event loop. That is what the guard keeps up: `process.nextTick` runs when no
 * microtask is left, so a transaction that is still pending by then waits for something that is no store. It is refused.
 */
export class GroupCommit<Stores> {
  readonly #database: Database;
  readonly #storesFor: (transaction: OpenTransaction) => Stores;
  readonly #companions: readonly Companion[];
  readonly #noteWork: NoteWork;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #rollbackTo: Statement;

  /** Those from #next on wait; what is before has been taken. Shifting a long array would copy it. */
  #waiting: Job<Stores>[] = [];
  #next = 0;
  #scheduled = false;
  #current: Job<Stores> | undefined;
  #group: Job<Stores>[] = [];
  #groupEnds = 0;
  /** True when a rollback of everything would undo more than the running transaction. */
  #groupHasWritten = false;
  #closing = false;
  #drained: (() => void)[] = [];
  /** While somebody else writes, transactions wait. */
  #isPaused = false;
  #onIdle: (() => void) | undefined;

  constructor(
    database: Database,
    storesFor: (transaction: OpenTransaction) => Stores,
    companions: readonly Companion[],
    noteWork: NoteWork = () => {},
  ) {
    this.#database = database;
    this.#storesFor = storesFor;
    this.#companions = companions;
    this.#noteWork = noteWork;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#savepoint = database.prepare('SAVEPOINT one');
    this.#release = database.prepare('RELEASE one');
    this.#rollbackTo = database.prepare('ROLLBACK TO one');
  }

  /** See the port `Transaction`. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closing) {
        reject(new DomainError('unavailable', 'The server is stopping; nothing more is written.'));
      } else if (this.#waiting.length - this.#next >= MAX_WAITING) {
        reject(new DomainError('unavailable', `Over ${MAX_WAITING} writes are waiting; try again in a moment.`));
      } else {
        const take = resolve as (value: unknown) => void;
        this.#waiting.push({ work, resolve: take, reject, transaction: undefined, failed: false, answer: undefined });
        this.#schedule();
      }
    });
  }

  /** Takes no more transactions; resolves when those that wait have been answered. */
  close(): Promise<void> {
    this.#closing = true;
    if (!this.#scheduled && !this.#isPaused) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Lets the running group end and starts no other one until `work` is done. One at a time: throws `unavailable`. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isPaused) throw new DomainError('unavailable', 'The database is being written anew; try again later.');
    if (this.#closing) throw new DomainError('unavailable', 'The server is stopping; nothing more is written.');
    this.#isPaused = true;
    if (this.#scheduled) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    try {
      return await work();
    } finally {
      this.#isPaused = false;
      if (this.#next < this.#waiting.length) this.#schedule();
      else for (const drained of this.#drained.splice(0)) drained();
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#isPaused) return;
    this.#scheduled = true;
    setImmediate(this.#start);
  }

  readonly #start = (): void => {
    this.#noteWork('commit', Math.min(this.#waiting.length - this.#next, MAX_GROUP));
    try {
      this.#begin.run();
    } catch (error) {
      while (this.#hasRoom()) this.#group.push(this.#take());
      this.#lose(error);
      return;
    }
    this.#groupEnds = performance.now() + MAX_GROUP_MS;
    this.#watch();
    this.#proceed();
  };

  #hasRoom(): boolean {
    return this.#next < this.#waiting.length && this.#group.length < MAX_GROUP;
  }

  #take(): Job<Stores> {
    const job = this.#waiting[this.#next];
    if (job === undefined) throw new Error('No transaction waits.');
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return job;
  }

  /** Starts the next transaction of the group, or ends the group. */
  #proceed(): void {
    if (this.#hasRoom() && performance.now() < this.#groupEnds) this.#run(this.#take());
    else this.#finish();
  }

  #run(job: Job<Stores>): void {
    this.#current = job;
    this.#group.push(job);
    const transaction = new OpenTransaction(this.#beforeFirstWrite, this.#isOpen);
    job.transaction = transaction;
    let result: Promise<unknown>;
    try {
      result = job.work(this.#storesFor(transaction));
    } catch (error) {
      this.#settle(job, true, error);
      return;
    }
    result.then(
      (value) => this.#settle(job, false, value),
      (error: unknown) => this.#settle(job, true, error),
    );
  }

  readonly #isOpen = (): boolean => this.#database.inTransaction;

  /** The first transaction that writes needs no savepoint: to undo it, everything is rolled back, which is nothing else. */
  readonly #beforeFirstWrite = (): void => {
    if (this.#groupHasWritten) this.#savepoint.run();
  };

  #settle(job: Job<Stores>, failed: boolean, answer: unknown): void {
    // A transaction that the guard has refused may end at any time later; nobody waits for it any more.
    if (this.#current !== job) return;
    this.#current = undefined;
    const { transaction } = job;
    const wrote = transaction?.hasWritten === true;
    transaction?.end('it has ended');
    job.failed = failed;
    job.answer = failed ? storageFailure(answer, this.#database.name) : answer;
    try {
      // Some faults (disk full, I/O) make SQLite roll back everything by itself, and then nobody's work is there.
      if (!this.#database.inTransaction) throw failed ? answer : new Error('SQLite ended the transaction by itself.');
      if (wrote) this.#endWrites(failed);
    } catch (error) {
      this.#lose(error);
      return;
    }
    for (const companion of this.#companions) {
      if (failed) companion.undo();
      else companion.keep();
    }
    this.#proceed();
  }

  #endWrites(failed: boolean): void {
    if (this.#groupHasWritten) {
      if (failed) this.#rollbackTo.run();
      this.#release.run();
    } else if (failed) {
      this.#rollback.run();
      this.#begin.run();
    } else {
      this.#groupHasWritten = true;
    }
  }

  #finish(): void {
    try {
      for (const companion of this.#companions) companion.flush();
      this.#commit.run();
    } catch (error) {
      this.#lose(error);
      return;
    }
    for (const companion of this.#companions) companion.committed();
    const group = this.#endGroup();
    for (const job of group) {
      if (job.failed) job.reject(job.answer);
      else job.resolve(job.answer);
    }
  }

  /** Every transaction of the group fails, also one that was refused: it may have been for what is now not so. */
  #lose(cause: unknown): void {
    if (this.#database.inTransaction) this.#rollback.run();
    for (const companion of this.#companions) companion.lost();
    const failure = lostGroup(cause, this.#database.name);
    for (const job of this.#endGroup()) job.reject(failure);
  }

  #endGroup(): Job<Stores>[] {
    const group = this.#group;
    this.#group = [];
    this.#groupHasWritten = false;
    this.#scheduled = false;
    if (this.#isPaused) {
      this.#onIdle?.();
      this.#onIdle = undefined;
    } else if (this.#next < this.#waiting.length) this.#schedule();
    else for (const drained of this.#drained.splice(0)) drained();
    return group;
  }

  readonly #watch = (): void => queueMicrotask(this.#watchTick);
  readonly #watchTick = (): void => process.nextTick(this.#guard);

  readonly #guard = (): void => {
    const job = this.#current;
    if (job === undefined) return;
    job.transaction?.end('it was refused, because it had awaited something else than its stores');
    this.#watch();
    this.#settle(
      job,
      true,
      new Error(
        'The transaction was refused: it awaited something else than its stores (a timer, a file, another transaction). ' +
          'Nothing of it was written.',
      ),
    );
  };
}
