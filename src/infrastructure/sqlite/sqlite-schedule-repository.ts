import Database from 'better-sqlite3';
import type { ActiveSchedule, Schedule } from '../../domain/schedule/schedule.js';
import type { ScheduleFilter, ScheduleReader, ScheduleRepository } from '../../domain/schedule/schedule-repository.js';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import type { ScheduleId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { ScheduleQueries, ScheduleWrites } from './schedule-statements.js';

/** Schedules as a connection sees them; `guard` is asked before every read. */
export class SqliteScheduleReader implements ScheduleReader {
  readonly #queries: ScheduleQueries;
  readonly #guard: () => void;

  constructor(queries: ScheduleQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async find(id: ScheduleId): Promise<Schedule | undefined> {
    this.#guard();
    return this.#queries.find(id);
  }

  async findByName(name: string): Promise<Schedule | undefined> {
    this.#guard();
    return this.#queries.findByName(name);
  }

  async list(filter: ScheduleFilter): Promise<Schedule[]> {
    this.#guard();
    return this.#queries.list(filter);
  }

  async count(): Promise<number> {
    this.#guard();
    return this.#queries.count();
  }

  async due(now: Timestamp, limit: number): Promise<ActiveSchedule[]> {
    this.#guard();
    return this.#queries.due(now, limit);
  }

  async nextAt(): Promise<Timestamp | null> {
    this.#guard();
    return this.#queries.nextAt();
  }
}

/** The schedules as one transaction sees and changes them. */
export class SqliteScheduleRepository extends SqliteScheduleReader implements ScheduleRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: ScheduleWrites;

  constructor(transaction: OpenTransaction, queries: ScheduleQueries, writes: ScheduleWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async insert(schedule: Schedule): Promise<void> {
    this.#transaction.writing();
    try {
      this.#writes.insert(schedule);
    } catch (error) {
      const isTaken = error instanceof Database.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
      throw isTaken ? new DomainError('conflict', `There is a schedule ${schedule.name} already.`) : error;
    }
  }

  async save(schedule: Schedule): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(schedule)) throw notFound('schedule', schedule.id);
  }

  async remove(id: ScheduleId): Promise<void> {
    this.#transaction.writing();
    this.#writes.remove(id);
  }
}
