import type { Session } from '../../domain/session/session.js';
import { TRANSCRIPT_START, type TranscriptPosition } from '../../domain/session/transcript-position.js';
import type { TranscriptReader, TranscriptRepository } from '../../domain/session/transcript-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** How far transcripts are read, as these rows show it. */
export class MemoryTranscriptReader implements TranscriptReader {
  readonly #guard: Guard;
  readonly #positions: Rows<TranscriptPosition>;
  readonly #sessions: Rows<Session>;

  constructor(guard: Guard, positions: Rows<TranscriptPosition>, sessions: Rows<Session>) {
    this.#guard = guard;
    this.#positions = positions;
    this.#sessions = sessions;
  }

  async find(sessionId: SessionId): Promise<TranscriptPosition | undefined> {
    this.#guard();
    return this.#positions.get(sessionId);
  }

  async unread(source: string, after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    const mayHaveMore = ({ id, endedAt }: Session) => {
      const readAt = this.#positions.get(id)?.readAt ?? null;
      return endedAt === null || readAt === null || readAt < endedAt;
    };
    return [...this.#sessions.all()]
      .filter((session) => session.source === source && session.transcriptPath !== null && mayHaveMore(session))
      .map(({ id }) => id)
      .filter((id) => after === null || id > after)
      .sort()
      .slice(0, limit);
  }
}

/** The same as one transaction sees and changes it. */
export class MemoryTranscriptRepository extends MemoryTranscriptReader implements TranscriptRepository {
  readonly #guard: Guard;
  readonly #positions: MemoryTable<TranscriptPosition>;

  constructor(guard: Guard, positions: MemoryTable<TranscriptPosition>, sessions: Rows<Session>) {
    super(guard, positions, sessions);
    this.#guard = guard;
    this.#positions = positions;
  }

  async save(position: Omit<TranscriptPosition, 'notBefore'>): Promise<void> {
    this.#guard();
    const { sessionId } = position;
    this.#positions.set(sessionId, { ...position, notBefore: this.#positions.get(sessionId)?.notBefore ?? 0 });
  }

  async skipUntil(sessionId: SessionId, moment: Timestamp): Promise<void> {
    this.#guard();
    const known = this.#positions.get(sessionId) ?? { ...TRANSCRIPT_START, sessionId, notBefore: 0, readAt: null };
    this.#positions.set(sessionId, { ...known, notBefore: Math.max(known.notBefore, moment) });
  }
}
