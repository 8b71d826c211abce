import type { ActiveSchedule, Schedule } from '../../domain/schedule/schedule.js';
import type { ScheduleFilter, ScheduleReader, ScheduleRepository } from '../../domain/schedule/schedule-repository.js';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import type { ScheduleId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Schedules as these rows show them. */
export class MemoryScheduleReader implements ScheduleReader {
  readonly #guard: Guard;
  readonly #rows: Rows<Schedule>;

  constructor(guard: Guard, rows: Rows<Schedule>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async find(id: ScheduleId): Promise<Schedule | undefined> {
    this.#guard();
    return this.#rows.get(id);
  }

  async findByName(name: string): Promise<Schedule | undefined> {
    this.#guard();
    return [...this.#rows.all()].find((schedule) => schedule.name === name);
  }

  async list(filter: ScheduleFilter): Promise<Schedule[]> {
    this.#guard();
    return newest(this.#rows, filter, () => true);
  }

  async count(): Promise<number> {
    this.#guard();
    return [...this.#rows.all()].length;
  }

  async due(now: Timestamp, limit: number): Promise<ActiveSchedule[]> {
    this.#guard();
    return this.#coming()
      .filter(({ nextAt }) => (nextAt ?? Infinity) <= now)
      .slice(0, limit);
  }

  async nextAt(): Promise<Timestamp | null> {
    this.#guard();
    return this.#coming()[0]?.nextAt ?? null;
  }

  #coming(): ActiveSchedule[] {
    return [...this.#rows.all()]
      .filter((schedule) => schedule.status === 'active')
      .filter(({ nextAt }) => nextAt !== null)
      .sort((one, other) => (one.nextAt ?? 0) - (other.nextAt ?? 0) || (one.id < other.id ? -1 : 1));
  }
}

/** The schedules as one transaction sees and changes them. */
export class MemoryScheduleRepository extends MemoryScheduleReader implements ScheduleRepository {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<Schedule>;

  constructor(guard: Guard, rows: MemoryTable<Schedule>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async insert(schedule: Schedule): Promise<void> {
    if ((await this.findByName(schedule.name)) !== undefined) {
      throw new DomainError('conflict', `There is a schedule ${schedule.name} already.`);
    }
    this.#rows.set(schedule.id, schedule);
  }

  async save(schedule: Schedule): Promise<void> {
    this.#guard();
    if (this.#rows.get(schedule.id) === undefined) throw notFound('schedule', schedule.id);
    this.#rows.set(schedule.id, schedule);
  }

  async remove(id: ScheduleId): Promise<void> {
    this.#guard();
    this.#rows.delete(id);
  }
}
