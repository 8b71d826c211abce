import type { Session } from '../../domain/session/session.js';
import type { SessionFilter, SessionReader, SessionRepository } from '../../domain/session/session-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

type Heard = Rows<{ readonly sessionId: SessionId; readonly at: Timestamp }>;

/** Sessions as these rows show them. */
export class MemorySessionReader implements SessionReader {
  readonly #guard: Guard;
  readonly #sessions: Rows<Session>;
  readonly #heard: readonly Heard[];

  /** `heard` are the rows that tell when a session was last heard of. */
  constructor(guard: Guard, sessions: Rows<Session>, heard: readonly Heard[]) {
    this.#guard = guard;
    this.#sessions = sessions;
    this.#heard = heard;
  }

  async idle(since: Timestamp, limit: number): Promise<Session[]> {
    this.#guard();
    const heard = new Set(
      this.#heard.flatMap((rows) => [...rows.all()].filter(({ at }) => at >= since).map(({ sessionId }) => sessionId)),
    );
    return [...this.#sessions.all()]
      .filter(
        ({ id, status, taskId, startedAt }) =>
          status === 'active' && taskId === null && startedAt < since && !heard.has(id),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
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

  constructor(guard: Guard, sessions: MemoryTable<Session>, heard: readonly Heard[]) {
    super(guard, sessions, heard);
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
