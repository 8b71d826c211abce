import type { DeadLetter } from '../../domain/distil/dead-letter.js';
import type { ModelLedger, ModelLedgerReader } from '../../domain/distil/model-ledger.js';
import { NOTHING_SPENT, type SessionSpend, type Spend } from '../../domain/distil/spend.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { LedgerQueries, LedgerWrites } from './ledger-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** What a model has cost and where it failed, as a connection sees it; `guard` is asked before every read. */
export class SqliteModelLedgerReader implements ModelLedgerReader {
  readonly #queries: LedgerQueries;
  readonly #guard: () => void;

  constructor(queries: LedgerQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async spentOn(day: number): Promise<Spend> {
    this.#guard();
    return this.#queries.spentOn(day) ?? NOTHING_SPENT;
  }

  async spentIn(sessionId: SessionId): Promise<Spend> {
    this.#guard();
    return this.#queries.spentIn(sessionId) ?? NOTHING_SPENT;
  }

  async deadLetters(sessionId: SessionId | null, limit: number): Promise<DeadLetter[]> {
    this.#guard();
    return this.#queries.letters(sessionId, limit);
  }

  async countDeadLetters(): Promise<number> {
    this.#guard();
    return this.#queries.countLetters();
  }
}

/** The same, as one transaction sees and changes it. */
export class SqliteModelLedger extends SqliteModelLedgerReader implements ModelLedger {
  readonly #transaction: OpenTransaction;
  readonly #writes: LedgerWrites;

  constructor(transaction: OpenTransaction, queries: LedgerQueries, writes: LedgerWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async spend(spent: SessionSpend): Promise<void> {
    this.#transaction.writing();
    this.#writes.spend(spent);
  }

  async keepDeadLetter(letter: DeadLetter): Promise<void> {
    this.#transaction.writing();
    this.#writes.keepLetter(letter);
  }

  async removeDeadLetter(letter: DeadLetter): Promise<void> {
    this.#transaction.writing();
    this.#writes.removeLetter(letter);
  }
}
