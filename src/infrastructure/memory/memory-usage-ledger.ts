import type { SessionId, TaskId } from '../../domain/shared/id.js';
import { addUsage, NO_USAGE, type Usage } from '../../domain/usage/usage.js';
import type { UsageLedger, UsageLedgerReader } from '../../domain/usage/usage-ledger.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

const dayKey = (profile: string, day: number) => `${profile} ${String(day)}`;

/** What agents have used, as these rows show it; sessions, tasks and days have keys of their own. */
export class MemoryUsageLedgerReader implements UsageLedgerReader {
  readonly #guard: Guard;
  readonly #rows: Rows<Usage>;

  constructor(guard: Guard, rows: Rows<Usage>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async ofSession(id: SessionId): Promise<Usage> {
    this.#guard();
    return this.#rows.get(id) ?? NO_USAGE;
  }

  async ofTask(id: TaskId): Promise<Usage> {
    this.#guard();
    return this.#rows.get(id) ?? NO_USAGE;
  }

  async onDay(profile: string, day: number): Promise<Usage> {
    this.#guard();
    return this.#rows.get(dayKey(profile, day)) ?? NO_USAGE;
  }
}

/** What agents have used, as one transaction sees and changes it. */
export class MemoryUsageLedger extends MemoryUsageLedgerReader implements UsageLedger {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<Usage>;

  constructor(guard: Guard, rows: MemoryTable<Usage>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async setSession(id: SessionId, usage: Usage): Promise<void> {
    this.#guard();
    this.#rows.set(id, usage);
  }

  async add({ taskId, profile, day }: { taskId: TaskId; profile: string; day: number }, usage: Usage): Promise<void> {
    this.#rows.set(taskId, addUsage(await this.ofTask(taskId), usage));
    this.#rows.set(dayKey(profile, day), addUsage(await this.onDay(profile, day), usage));
  }
}
