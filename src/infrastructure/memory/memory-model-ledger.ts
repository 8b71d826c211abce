import type { DeadLetter } from '../../domain/distil/dead-letter.js';
import type { ModelLedger, ModelLedgerReader } from '../../domain/distil/model-ledger.js';
import { addSpend, NOTHING_SPENT, type SessionSpend, type Spend } from '../../domain/distil/spend.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

export interface LedgerRows {
  readonly spends: Rows<SessionSpend>;
  readonly deadLetters: Rows<DeadLetter>;
}

interface LedgerTables {
  readonly spends: MemoryTable<SessionSpend>;
  readonly deadLetters: MemoryTable<DeadLetter>;
}

/** What a model has cost and where it failed, as these rows show it. */
export class MemoryModelLedgerReader implements ModelLedgerReader {
  readonly #guard: Guard;
  readonly #rows: LedgerRows;

  constructor(guard: Guard, rows: LedgerRows) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async spentOn(day: number): Promise<Spend> {
    return this.#sum((spent) => spent.day === day);
  }

  async spentIn(sessionId: SessionId): Promise<Spend> {
    return this.#sum((spent) => spent.sessionId === sessionId);
  }

  async deadLetters(sessionId: SessionId | null, limit: number): Promise<DeadLetter[]> {
    this.#guard();
    return [...this.#rows.deadLetters.all()]
      .filter((letter) => sessionId === null || letter.sessionId === sessionId)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .slice(0, limit);
  }

  async countDeadLetters(): Promise<number> {
    this.#guard();
    return [...this.#rows.deadLetters.all()].length;
  }

  #sum(counts: (spent: SessionSpend) => boolean): Spend {
    this.#guard();
    const { calls, inputTokens, outputTokens, microUsd } = [...this.#rows.spends.all()]
      .filter(counts)
      .reduce<Spend>(addSpend, NOTHING_SPENT);
    return { calls, inputTokens, outputTokens, microUsd };
  }
}

/** The same, as one transaction sees and changes it. */
export class MemoryModelLedger extends MemoryModelLedgerReader implements ModelLedger {
  readonly #guard: Guard;
  readonly #tables: LedgerTables;

  constructor(guard: Guard, tables: LedgerTables) {
    super(guard, tables);
    this.#guard = guard;
    this.#tables = tables;
  }

  async spend(spent: SessionSpend): Promise<void> {
    this.#guard();
    const { sessionId, day } = spent;
    const key = `${sessionId} ${String(day)}`;
    const before = this.#tables.spends.get(key) ?? NOTHING_SPENT;
    this.#tables.spends.set(key, { sessionId, day, ...addSpend(before, spent) });
  }

  async keepDeadLetter(letter: DeadLetter): Promise<void> {
    this.#guard();
    this.#tables.deadLetters.set(keyOf(letter), letter);
  }

  async removeDeadLetter(letter: DeadLetter): Promise<void> {
    this.#guard();
    this.#tables.deadLetters.delete(keyOf(letter));
  }
}

function keyOf({ sessionId, toolUseIds }: DeadLetter): string {
  return `${sessionId} ${toolUseIds[0]}`;
}
