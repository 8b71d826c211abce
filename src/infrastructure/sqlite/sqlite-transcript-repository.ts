import type { TranscriptPosition } from '../../domain/session/transcript-position.js';
import type { TranscriptReader, TranscriptRepository } from '../../domain/session/transcript-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { TranscriptQueries, TranscriptWrites } from './transcript-statements.js';

/** How far transcripts are read, as a connection sees it; `guard` is asked before every read. */
export class SqliteTranscriptReader implements TranscriptReader {
  readonly #queries: TranscriptQueries;
  readonly #guard: () => void;

  constructor(queries: TranscriptQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async find(sessionId: SessionId): Promise<TranscriptPosition | undefined> {
    this.#guard();
    return this.#queries.find(sessionId);
  }

  async unread(source: string, after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    return this.#queries.unread(source, after, limit);
  }
}

/** The same as one transaction sees and changes it. */
export class SqliteTranscriptRepository extends SqliteTranscriptReader implements TranscriptRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: TranscriptWrites;

  constructor(transaction: OpenTransaction, queries: TranscriptQueries, writes: TranscriptWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async save(position: Omit<TranscriptPosition, 'notBefore'>): Promise<void> {
    this.#transaction.writing();
    this.#writes.save(position);
  }

  async skipUntil(sessionId: SessionId, moment: Timestamp): Promise<void> {
    this.#transaction.writing();
    this.#writes.skipUntil(sessionId, moment);
  }
}
