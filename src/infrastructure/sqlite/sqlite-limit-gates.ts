import type { LimitGate } from '../../domain/limit/limit-gate.js';
import type { LimitGateReader, LimitGateRepository } from '../../domain/limit/limit-gate-repository.js';
import type { LimitGateQueries, LimitGateWrites } from './limit-gate-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** The gates of accounts as a connection sees them; `guard` is asked before every read. */
export class SqliteLimitGateReader implements LimitGateReader {
  readonly #queries: LimitGateQueries;
  readonly #guard: () => void;

  constructor(queries: LimitGateQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async all(): Promise<LimitGate[]> {
    this.#guard();
    return this.#queries.all();
  }

  async find(account: string): Promise<LimitGate | undefined> {
    this.#guard();
    return this.#queries.find(account);
  }
}

/** The gates as one transaction sees and changes them. */
export class SqliteLimitGates extends SqliteLimitGateReader implements LimitGateRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: LimitGateWrites;

  constructor(transaction: OpenTransaction, queries: LimitGateQueries, writes: LimitGateWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async save(gate: LimitGate): Promise<void> {
    this.#transaction.writing();
    this.#writes.save(gate);
  }

  async remove(account: string): Promise<void> {
    this.#transaction.writing();
    this.#writes.remove(account);
  }
}
