import { decodeId, type SessionId, type TaskId } from '../../domain/shared/id.js';
import type { Usage } from '../../domain/usage/usage.js';
import type { UsageLedger, UsageLedgerReader } from '../../domain/usage/usage-ledger.js';
import type { OpenTransaction } from './open-transaction.js';
import type { UsageQueries, UsageWrites } from './usage-statements.js';

/** What agents have used, as a connection sees it; `guard` is asked before every read. */
export class SqliteUsageLedgerReader implements UsageLedgerReader {
  readonly #queries: UsageQueries;
  readonly #guard: () => void;

  constructor(queries: UsageQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async ofSession(id: SessionId): Promise<Usage> {
    this.#guard();
    return this.#queries.ofSession(decodeId(id));
  }

  async ofTask(id: TaskId): Promise<Usage> {
    this.#guard();
    return this.#queries.ofTask(decodeId(id));
  }

  async onDay(profile: string, day: number): Promise<Usage> {
    this.#guard();
    return this.#queries.onDay(profile, day);
  }
}

/** What agents have used, as one transaction sees and changes it. */
export class SqliteUsageLedger extends SqliteUsageLedgerReader implements UsageLedger {
  readonly #transaction: OpenTransaction;
  readonly #writes: UsageWrites;

  constructor(transaction: OpenTransaction, queries: UsageQueries, writes: UsageWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async setSession(id: SessionId, usage: Usage): Promise<void> {
    this.#transaction.writing();
    this.#writes.setSession(decodeId(id), usage);
  }

  async add({ taskId, profile, day }: { taskId: TaskId; profile: string; day: number }, usage: Usage): Promise<void> {
    this.#transaction.writing();
    this.#writes.addTask(decodeId(taskId), usage);
    this.#writes.addDay(profile, day, usage);
  }
}
