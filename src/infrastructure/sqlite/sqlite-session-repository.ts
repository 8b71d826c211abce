import type { Session } from '../../domain/session/session.js';
import type { SessionFilter, SessionReader, SessionRepository } from '../../domain/session/session-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import { decodeId, type SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { SessionQueries, SessionWrites } from './session-statements.js';

/** Committed sessions. */
export class SqliteSessionReader implements SessionReader {
  readonly #queries: SessionQueries;

  constructor(queries: SessionQueries) {
    this.#queries = queries;
  }

  async get(id: SessionId): Promise<Session> {
    return getSession(this.#queries, id);
  }

  async findByProvider(source: string, providerSessionId: string): Promise<Session | undefined> {
    return this.#queries.findByProvider(source, providerSessionId);
  }

  async list(filter: SessionFilter): Promise<Session[]> {
    return this.#queries.list(filter);
  }

  async idle(since: Timestamp, limit: number): Promise<Session[]> {
    return this.#queries.idle(since, limit);
  }

  async open(): Promise<{ active: number; paused: number }> {
    return this.#queries.open();
  }
}

/** The sessions as one transaction sees and changes them. */
export class SqliteSessionRepository implements SessionRepository {
  readonly #transaction: OpenTransaction;
  readonly #queries: SessionQueries;
  readonly #writes: SessionWrites;

  constructor(transaction: OpenTransaction, queries: SessionQueries, writes: SessionWrites) {
    this.#transaction = transaction;
    this.#queries = queries;
    this.#writes = writes;
  }

  async get(id: SessionId): Promise<Session> {
    this.#transaction.reading();
    return getSession(this.#queries, id);
  }

  async findByProvider(source: string, providerSessionId: string): Promise<Session | undefined> {
    this.#transaction.reading();
    return this.#queries.findByProvider(source, providerSessionId);
  }

  async list(filter: SessionFilter): Promise<Session[]> {
    this.#transaction.reading();
    return this.#queries.list(filter);
  }

  async idle(since: Timestamp, limit: number): Promise<Session[]> {
    this.#transaction.reading();
    return this.#queries.idle(since, limit);
  }

  async open(): Promise<{ active: number; paused: number }> {
    this.#transaction.reading();
    return this.#queries.open();
  }

  async insert(session: Session): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(session);
  }

  async save(session: Session): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(session)) throw notFound('session', session.id);
  }
}

function getSession(queries: SessionQueries, id: SessionId): Session {
  const session = queries.find(decodeId(id));
  if (session === undefined) throw notFound('session', id);
  return session;
}
