import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import type { Logger } from '../../application/ports/logger.js';
import { codeOf } from '../../domain/shared/thrown.js';
import type { Companion } from './group-commit.js';
import { decodeMark, encodeMark, type MarkRecord, RECORD_BYTES, SLOT_SPACING } from './mark-record.js';
import type { Durability } from './open-database.js';

const OWNER_ONLY = 0o600;

export interface CommitMarkOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly bootId: string | null;
  /** The last position that is committed. */
  readonly lastPosition: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * The position up to which the log was committed, kept outside the database: after every group, before its answers, one
 * write of 64 bytes without an fsync. See decision 10 for what it promises.
 */
export class CommitMark implements Companion {
  readonly #options: CommitMarkOptions;
  readonly #record = Buffer.alloc(RECORD_BYTES);
  readonly #handle: number;
  #position: number;
  #sequence: number;
  #hasFailed = false;

  constructor(options: CommitMarkOptions) {
    const last = readMark(options.file);
    this.#options = options;
    this.#handle = openSync(options.file, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
    this.#sequence = last?.sequence ?? 0;
    // Written at once, so that the promise in it is today's: another boot, another durability.
    this.#position = options.lastPosition();
    this.#write();
  }

  committed(): void {
    const position = this.#options.lastPosition();
    if (position === this.#position) return;
    this.#position = position;
    this.#write();
  }

  keep(): void {}
  undo(): void {}
  flush(): void {}
  lost(): void {}

  close(): void {
    closeSync(this.#handle);
  }

  /** A mark that cannot be written stays low, which costs a warning at the next start and never data. */
  #write(): void {
    const { durability, bootId, file, logger } = this.#options;
    this.#sequence += 1;
    encodeMark({ position: this.#position, durability, bootId, sequence: this.#sequence }, this.#record);
    try {
      writeSync(this.#handle, this.#record, 0, RECORD_BYTES, (this.#sequence % 2) * SLOT_SPACING);
    } catch (error) {
      if (!this.#hasFailed) logger.warn('the mark beside the database cannot be written', { file, error });
      this.#hasFailed = true;
    }
  }
}

/** What the mark says; undefined for none, and for one of which nothing is whole. */
export function readMark(file: string): MarkRecord | undefined {
  try {
    return decodeMark(readFileSync(file));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
