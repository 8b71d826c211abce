import type { ImportedRows } from '../../domain/memory/imported-rows.js';
import { encodeId, type Prefix } from '../../domain/shared/id.js';
import { keyAt } from '../../domain/shared/key-at.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

export interface ImportedRow {
  readonly source: string;
  readonly key: number;
}

/** Imported rows as one transaction sees and changes them. */
export class MemoryImportedRows implements ImportedRows {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<ImportedRow>;
  readonly #taken: readonly (readonly [Prefix, Rows<unknown>])[];

  constructor(
    guard: Guard,
    rows: MemoryTable<ImportedRow>,
    taken: Readonly<Record<'obs' | 'prompt' | 'session', Rows<unknown>>>,
  ) {
    this.#guard = guard;
    this.#rows = rows;
    this.#taken = Object.entries(taken) as [Prefix, Rows<unknown>][];
  }

  async has(source: string): Promise<boolean> {
    this.#guard();
    return this.#rows.get(source) !== undefined;
  }

  async give(source: string, at: Timestamp): Promise<number> {
    this.#guard();
    let key = keyAt(at);
    while (this.#taken.some(([prefix, rows]) => rows.get(encodeId(prefix, key)) !== undefined)) key += 1;
    this.#rows.set(source, { source, key });
    return key;
  }
}
