/** Rows by key, as somebody sees them. */
export interface Rows<Row> {
  get(key: string): Row | undefined;
  all(): Iterable<Row>;
}

/** A table as the running transaction sees it; `committed` is what everybody else sees. Rows are never changed in place. */
export class MemoryTable<Row> implements Rows<Row> {
  readonly #committed = new Map<string, Row>();
  /** Undefined for a row that is to go. */
  readonly #changes = new Map<string, Row | undefined>();

  get committed(): Rows<Row> {
    return { get: (key) => this.#committed.get(key), all: () => this.#committed.values() };
  }

  get(key: string): Row | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#committed.get(key);
  }

  all(): Iterable<Row> {
    if (this.#changes.size === 0) return this.#committed.values();
    return [...new Map([...this.#committed, ...this.#changes]).values()].filter((row) => row !== undefined);
  }

  entries(): Iterable<[key: string, row: Row]> {
    return [...new Map([...this.#committed, ...this.#changes])].filter((entry): entry is [string, Row] => {
      return entry[1] !== undefined;
    });
  }

  set(key: string, row: Row): void {
    this.#changes.set(key, row);
  }

  delete(key: string): void {
    this.#changes.set(key, undefined);
  }

  commit(): void {
    for (const [key, row] of this.#changes) {
      if (row === undefined) this.#committed.delete(key);
      else this.#committed.set(key, row);
    }
    this.#changes.clear();
  }

  rollback(): void {
    this.#changes.clear();
  }
}

/** The newest `limit` rows (ids sort by age) that come before this id and that `fits` lets through. */
export function newest<Row extends { id: string }>(
  rows: Rows<Row>,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
  fits: (row: Row) => boolean,
): Row[] {
  return [...rows.all()]
    .filter((row) => (before === undefined || row.id < before) && fits(row))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}
