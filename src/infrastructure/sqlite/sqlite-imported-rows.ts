import type { ImportedRows } from '../../domain/memory/imported-rows.js';
import { keyAt } from '../../domain/shared/key-at.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { ImportedRowStatements } from './imported-row-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** Imported rows as one transaction sees and changes them. */
export class SqliteImportedRows implements ImportedRows {
  readonly #transaction: OpenTransaction;
  readonly #statements: ImportedRowStatements;

  constructor(transaction: OpenTransaction, statements: ImportedRowStatements) {
    this.#transaction = transaction;
    this.#statements = statements;
  }

  async has(source: string): Promise<boolean> {
    this.#transaction.reading();
    return this.#statements.has(source);
  }

  async give(source: string, at: Timestamp): Promise<number> {
    this.#transaction.writing();
    return this.#statements.give(source, keyAt(at));
  }
}
