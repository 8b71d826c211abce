import type { Session } from '../../domain/session/session.js';
import type { SessionFilter, SessionReader, SessionRepository } from '../../domain/session/session-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { SessionId } from '../../domain/shared/id.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Sessions as these rows show them. */
export class MemorySessionReader implements SessionReader {
  readonly #guard: Guard;
  readonly #sessions: Rows<Session>;

  constructor(guard: Guard, sessions: Rows<Session>) {
    this.#guard = guard;
    this.#sessions = sessions;
  }

  async get(id: SessionId): Promise<Session> {
    this.#guard();
    const session = this.#sessions.get(id);
    if (session === undefined) throw notFound('session', id);
    return session;
  }

  async findByProvider(source: string, providerSessionId: string): Promise<Session | undefined> {
    this.#guard();
    return [...this.#sessions.all()].find(
      (session) => session.source === source && session.providerSessionId === providerSessionId,
    );
  }

  async list(filter: SessionFilter): Promise<Session[]> {
    this.#guard();
    const { status, workspaceId } = filter;
    return newest(
      this.#sessions,
      filter,
      (session) =>
        (status === undefined || session.status === status) &&
        (workspaceId === undefined || session.workspaceId === workspaceId),
    );
  }

  async open(): Promise<{ active: number; paused: number }> {
    this.#guard();
    const open = { active: 0, paused: 0 };
    for (const { status } of this.#sessions.all()) if (status === 'active' || status === 'paused') open[status] += 1;
    return open;
  }
}

/** The sessions as one transaction sees and changes them. */
export class MemorySessionRepository extends MemorySessionReader implements SessionRepository {
  readonly #guard: Guard;
  readonly #sessions: MemoryTable<Session>;

  constructor(guard: Guard, sessions: MemoryTable<Session>) {
    super(guard, sessions);
    this.#guard = guard;
    this.#sessions = sessions;
  }

  async insert(session: Session): Promise<void> {
    this.#guard();
    if (this.#sessions.get(session.id) !== undefined) throw new Error(`${session.id} is there already.`);
    this.#sessions.set(session.id, session);
  }

  async save(session: Session): Promise<void> {
    this.#guard();
    if (this.#sessions.get(session.id) === undefined) throw notFound('session', session.id);
    this.#sessions.set(session.id, session);
  }
}
