import type { QueueLimit, QueuePart, Rate } from '../../domain/queue-limit/queue-limit.js';
import type {
  CountedLimit,
  GroupHolder,
  QueueLimitReader,
  QueueLimitRepository,
} from '../../domain/queue-limit/queue-limit-repository.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Task } from '../../domain/task/task.js';
import { byQueueOrder } from './memory-queue-order.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** A limit, and the newest starts that its rate counts, oldest first. */
export interface LimitRow {
  readonly limit: QueueLimit;
  readonly starts: readonly Timestamp[];
}

/** The limits of the queue as these rows show them. */
export class MemoryQueueLimitReader implements QueueLimitReader {
  readonly #guard: Guard;
  readonly #rows: Rows<LimitRow>;
  readonly #tasks: Rows<Task>;

  constructor(guard: Guard, rows: Rows<LimitRow>, tasks: Rows<Task>) {
    this.#guard = guard;
    this.#rows = rows;
    this.#tasks = tasks;
  }

  async all(): Promise<CountedLimit[]> {
    this.#guard();
    return [...this.#rows.all()]
      .sort((one, other) => (keyOf(one.limit) < keyOf(other.limit) ? -1 : 1))
      .map(({ limit, starts }) => ({
        ...limit,
        newestStart: starts.at(-1) ?? null,
        oldestStart: oldestOf(starts, limit.rate),
      }));
  }

  async find(part: QueuePart): Promise<QueueLimit | undefined> {
    this.#guard();
    return this.#rows.get(keyOf(part))?.limit;
  }

  async startsAfter(part: QueuePart, time: Timestamp): Promise<number> {
    this.#guard();
    return (this.#rows.get(keyOf(part))?.starts ?? []).filter((at) => at > time).length;
  }

  async holders(): Promise<GroupHolder[]> {
    const groups = (await this.all()).filter(({ exclusive }) => exclusive).map(({ name }) => name);
    const begun = [...this.#tasks.all()].filter(({ epoch, finishedAt }) => epoch > 0 && finishedAt === null);
    return groups.flatMap((group) => {
      const first = (status: Task['status']) =>
        begun.filter((task) => task.group === group && task.status === status).sort(byQueueOrder)[0];
      const busy = first('processing') ?? first('scheduled');
      const holder = busy ?? first('pending');
      return holder === undefined ? [] : [{ group, taskId: holder.id, mayGoOn: busy === undefined }];
    });
  }
}

/** The limits as one transaction sees and changes them. */
export class MemoryQueueLimits extends MemoryQueueLimitReader implements QueueLimitRepository {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<LimitRow>;

  constructor(guard: Guard, rows: MemoryTable<LimitRow>, tasks: Rows<Task>) {
    super(guard, rows, tasks);
    this.#guard = guard;
    this.#rows = rows;
  }

  async save(limit: QueueLimit): Promise<void> {
    this.#guard();
    const starts = limit.rate === null ? [] : (this.#rows.get(keyOf(limit))?.starts ?? []);
    this.#rows.set(keyOf(limit), { limit, starts });
  }

  async remove(part: QueuePart): Promise<void> {
    this.#guard();
    this.#rows.delete(keyOf(part));
  }

  async noteStart(part: QueuePart, rate: Rate, at: Timestamp): Promise<Timestamp | null> {
    this.#guard();
    const row = this.#rows.get(keyOf(part));
    if (row === undefined) throw new Error(`There is no limit for the ${part.kind} ${part.name}.`);
    const starts = [...row.starts, at].slice(-rate.count);
    this.#rows.set(keyOf(part), { ...row, starts });
    return oldestOf(starts, rate);
  }

  async pullBackStarts(part: QueuePart, now: Timestamp): Promise<void> {
    this.#guard();
    const row = this.#rows.get(keyOf(part));
    if (row === undefined) return;
    this.#rows.set(keyOf(part), { ...row, starts: row.starts.map((at) => Math.min(at, now)) });
  }
}

function keyOf({ kind, name }: QueuePart): string {
  return `${kind} ${name}`;
}

function oldestOf(starts: readonly Timestamp[], rate: Rate | null): Timestamp | null {
  return rate === null ? null : (starts.at(-rate.count) ?? null);
}
