import type { Prompt, Speaker } from '../../domain/session/prompt.js';
import type {
  PromptFilter,
  PromptReader,
  PromptRepository,
  SaidBetween,
} from '../../domain/session/prompt-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { PromptId, SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { PromptQueries, PromptWrites } from './prompt-statements.js';

/** Prompts as a connection sees them; `guard` is asked before every read. */
export class SqlitePromptReader implements PromptReader {
  readonly #queries: PromptQueries;
  readonly #guard: () => void;

  constructor(queries: PromptQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async getMany(ids: readonly PromptId[]): Promise<Prompt[]> {
    this.#guard();
    return this.#queries.getMany(ids);
  }

  async list(filter: PromptFilter): Promise<Prompt[]> {
    this.#guard();
    return this.#queries.list(filter);
  }

  async newest(sessionId: SessionId, limit: number): Promise<Prompt[]> {
    this.#guard();
    return this.#queries.newest(sessionId, limit);
  }

  async findByTurn(sessionId: SessionId, turn: string, who: Speaker): Promise<Prompt | undefined> {
    this.#guard();
    return this.#queries.findByTurn(sessionId, turn, who);
  }

  async saidBetween(said: SaidBetween): Promise<Prompt[]> {
    this.#guard();
    return this.#queries.saidBetween(said);
  }

  async lastAsked(sessionId: SessionId, at: Timestamp): Promise<Prompt | undefined> {
    this.#guard();
    return this.#queries.lastAsked(sessionId, at);
  }
}

/** The prompts as one transaction sees and changes them. */
export class SqlitePromptRepository extends SqlitePromptReader implements PromptRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: PromptWrites;

  constructor(transaction: OpenTransaction, queries: PromptQueries, writes: PromptWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async insert(prompt: Prompt): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(prompt);
  }

  async save(prompt: Prompt): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(prompt)) throw notFound('prompt', prompt.id);
  }

  async remove(id: PromptId): Promise<void> {
    this.#transaction.writing();
    this.#writes.remove(id);
  }
}
