/** One running transaction, as its stores see it: each asks before it touches the database. */
export class OpenTransaction {
  readonly #beforeFirstWrite: () => void;
  readonly #isOpen: () => boolean;
  #hasWritten = false;
  #ended: string | undefined;

  constructor(beforeFirstWrite: () => void, isOpen: () => boolean) {
    this.#beforeFirstWrite = beforeFirstWrite;
    this.#isOpen = isOpen;
  }

  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Asked before a read. Throws once the transaction is over. */
  reading(): void {
    if (this.#ended !== undefined) throw new Error(`The transaction can read and write no more: ${this.#ended}.`);
  }

  /** Asked before a write. Throws once the transaction is over, or SQLite has rolled it back by itself. */
  writing(): void {
    this.reading();
    // Without this a caller that swallows "disk full" would go on outside any transaction, each write its own commit.
    if (!this.#isOpen()) throw new Error('The database has rolled the transaction back.');
    if (this.#hasWritten) return;
    this.#beforeFirstWrite();
    this.#hasWritten = true;
  }

  /** From now on every store call throws, saying why. */
  end(why: string): void {
    this.#ended ??= why;
  }
}
