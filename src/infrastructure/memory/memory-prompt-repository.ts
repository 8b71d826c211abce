import type { Prompt, Speaker } from '../../domain/session/prompt.js';
import type {
  PromptFilter,
  PromptReader,
  PromptRepository,
  SaidBetween,
} from '../../domain/session/prompt-repository.js';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import type { PromptId, SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Prompts as these rows show them. */
export class MemoryPromptReader implements PromptReader {
  readonly #guard: Guard;
  readonly #prompts: Rows<Prompt>;

  constructor(guard: Guard, prompts: Rows<Prompt>) {
    this.#guard = guard;
    this.#prompts = prompts;
  }

  async getMany(ids: readonly PromptId[]): Promise<Prompt[]> {
    this.#guard();
    return ids.map((id) => this.#prompts.get(id)).filter((prompt) => prompt !== undefined);
  }

  async list({ sessionId, after = 'prompt_', limit }: PromptFilter): Promise<Prompt[]> {
    this.#guard();
    return [...this.#prompts.all()]
      .filter((prompt) => prompt.sessionId === sessionId && prompt.id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async newest(sessionId: SessionId, limit: number): Promise<Prompt[]> {
    this.#guard();
    return newest(this.#prompts, { limit }, (prompt) => prompt.sessionId === sessionId).reverse();
  }

  async findByTurn(sessionId: SessionId, turn: string, who: Speaker): Promise<Prompt | undefined> {
    this.#guard();
    return [...this.#prompts.all()].find(
      (prompt) => prompt.sessionId === sessionId && prompt.turn === turn && prompt.who === who,
    );
  }

  async saidBetween({ sessionId, who, from, to, limit }: SaidBetween): Promise<Prompt[]> {
    this.#guard();
    const fits = (prompt: Prompt) =>
      prompt.sessionId === sessionId && prompt.who === who && prompt.at >= from && prompt.at <= to;
    return newest(this.#prompts, { limit }, fits);
  }

  async lastAsked(sessionId: SessionId, at: Timestamp): Promise<Prompt | undefined> {
    this.#guard();
    const asked = (prompt: Prompt) => prompt.sessionId === sessionId && prompt.who !== 'agent' && prompt.at <= at;
    const [last] = [...this.#prompts.all()].filter(asked).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
    return last;
  }
}

/** The prompts as one transaction sees and changes them. */
export class MemoryPromptRepository extends MemoryPromptReader implements PromptRepository {
  readonly #guard: Guard;
  readonly #prompts: MemoryTable<Prompt>;

  constructor(guard: Guard, prompts: MemoryTable<Prompt>) {
    super(guard, prompts);
    this.#guard = guard;
    this.#prompts = prompts;
  }

  async insert(prompt: Prompt): Promise<void> {
    this.#guard();
    const { id, sessionId, turn, who } = prompt;
    const isKnown = turn !== null && (await this.findByTurn(sessionId, turn, who)) !== undefined;
    if (isKnown || this.#prompts.get(id) !== undefined) throw new DomainError('conflict', `${id} is there already.`);
    this.#prompts.set(id, prompt);
  }

  async save({ id, text, at }: Prompt): Promise<void> {
    this.#guard();
    const known = this.#prompts.get(id);
    if (known === undefined) throw notFound('prompt', id);
    this.#prompts.set(id, { ...known, text, at });
  }

  async remove(id: PromptId): Promise<void> {
    this.#guard();
    this.#prompts.delete(id);
  }
}
