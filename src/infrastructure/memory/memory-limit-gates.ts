import type { LimitGate } from '../../domain/limit/limit-gate.js';
import type { LimitGateReader, LimitGateRepository } from '../../domain/limit/limit-gate-repository.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** The gates of accounts as these rows show them. */
export class MemoryLimitGateReader implements LimitGateReader {
  readonly #guard: Guard;
  readonly #rows: Rows<LimitGate>;

  constructor(guard: Guard, rows: Rows<LimitGate>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async all(): Promise<LimitGate[]> {
    this.#guard();
    return [...this.#rows.all()].sort((one, other) => (one.account < other.account ? -1 : 1));
  }

  async find(account: string): Promise<LimitGate | undefined> {
    this.#guard();
    return this.#rows.get(account);
  }
}

/** The gates as one transaction sees and changes them. */
export class MemoryLimitGates extends MemoryLimitGateReader implements LimitGateRepository {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<LimitGate>;

  constructor(guard: Guard, rows: MemoryTable<LimitGate>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async save(gate: LimitGate): Promise<void> {
    this.#guard();
    this.#rows.set(gate.account, gate);
  }

  async remove(account: string): Promise<void> {
    this.#guard();
    this.#rows.delete(account);
  }
}
