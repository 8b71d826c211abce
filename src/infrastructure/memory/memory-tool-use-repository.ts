import type { ToolUse, ToolUseCount } from '../../domain/session/tool-use.js';
import type { AlikeToolUses, ToolUseReader, ToolUseRepository } from '../../domain/session/tool-use-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Tool uses as these rows show them; a table keeps the order in which they came. */
export class MemoryToolUseReader implements ToolUseReader {
  readonly #guard: Guard;
  readonly #uses: Rows<ToolUse>;

  constructor(guard: Guard, uses: Rows<ToolUse>) {
    this.#guard = guard;
    this.#uses = uses;
  }

  async waiting(sessionId: SessionId, limit: number): Promise<ToolUse[]> {
    this.#guard();
    return this.#waiting()
      .filter((use) => use.sessionId === sessionId)
      .slice(0, limit);
  }

  async sessionsWaiting(after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    const sessions = new Set(this.#waiting().map(({ sessionId }) => sessionId));
    return [...sessions]
      .filter((id) => after === null || id > after)
      .sort()
      .slice(0, limit);
  }

  async getMany(sessionId: SessionId, toolUseIds: readonly string[]): Promise<ToolUse[]> {
    this.#guard();
    return [...this.#uses.all()].filter((use) => use.sessionId === sessionId && toolUseIds.includes(use.toolUseId));
  }

  async alike({ sessionId, name, input, from, to }: AlikeToolUses): Promise<string[]> {
    this.#guard();
    return [...this.#uses.all()]
      .filter((use) => use.sessionId === sessionId && use.name === name)
      .filter((use) => use.input === input || use.input === '')
      .filter(({ at }) => at >= from && at <= to)
      .map(({ toolUseId }) => toolUseId);
  }

  async between(sessionId: SessionId, from: Timestamp, to: Timestamp): Promise<string[]> {
    this.#guard();
    const isBetween = (use: ToolUse) => use.sessionId === sessionId && use.at >= from && use.at <= to;
    return [...this.#uses.all()].filter(isBetween).map(({ toolUseId }) => toolUseId);
  }

  async counts(sessionId: SessionId, limit: number): Promise<ToolUseCount[]> {
    this.#guard();
    const counts = new Map<string, ToolUseCount>();
    for (const { name, outcome } of [...this.#uses.all()]
      .filter((use) => use.sessionId === sessionId)
      .slice(0, limit)) {
      const { uses, failed } = counts.get(name) ?? { uses: 0, failed: 0 };
      counts.set(name, { name, uses: uses + 1, failed: failed + (outcome === 'done' ? 0 : 1) });
    }
    return [...counts.values()].sort((a, b) => b.uses - a.uses || (a.name < b.name ? -1 : 1));
  }

  #waiting(): ToolUse[] {
    return [...this.#uses.all()].filter(({ distilledAt }) => distilledAt === null);
  }
}

/** The tool uses as one transaction sees and changes them. */
export class MemoryToolUseRepository extends MemoryToolUseReader implements ToolUseRepository {
  readonly #guard: Guard;
  readonly #uses: MemoryTable<ToolUse>;

  constructor(guard: Guard, uses: MemoryTable<ToolUse>) {
    super(guard, uses);
    this.#guard = guard;
    this.#uses = uses;
  }

  async insert(toolUse: ToolUse): Promise<boolean> {
    this.#guard();
    const key = keyOf(toolUse.sessionId, toolUse.toolUseId);
    if (this.#uses.get(key) !== undefined) return false;
    this.#uses.set(key, toolUse);
    return true;
  }

  async distilled(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void> {
    this.#setDistilled(sessionId, toolUseIds, at);
  }

  async requeue(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void> {
    this.#setDistilled(sessionId, toolUseIds, null);
  }

  async remove(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void> {
    this.#guard();
    for (const id of toolUseIds) this.#uses.delete(keyOf(sessionId, id));
  }

  async blank(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void> {
    this.#guard();
    for (const id of toolUseIds) {
      const use = this.#uses.get(keyOf(sessionId, id));
      if (use === undefined) continue;
      const nothing = { cwd: null, input: '', result: '', inputOmitted: 0, resultOmitted: 0 };
      this.#uses.set(keyOf(sessionId, id), { ...use, ...nothing, distilledAt: use.distilledAt ?? at });
    }
  }

  async dropText(sessionId: SessionId, toolUseId: string, before: Timestamp): Promise<boolean> {
    this.#guard();
    const use = this.#uses.get(keyOf(sessionId, toolUseId));
    if (use === undefined || use.distilledAt === null || use.distilledAt >= before) return false;
    if (use.input === '' && use.result === '') return false;
    const nothing = { input: '', result: '', inputOmitted: 0, resultOmitted: 0 };
    this.#uses.set(keyOf(sessionId, toolUseId), { ...use, ...nothing });
    return true;
  }

  async removeTurn(sessionId: SessionId, turn: string): Promise<void> {
    this.#guard();
    for (const use of [...this.#uses.all()]) {
      if (use.sessionId === sessionId && use.turn === turn) this.#uses.delete(keyOf(sessionId, use.toolUseId));
    }
  }

  #setDistilled(sessionId: SessionId, toolUseIds: readonly string[], distilledAt: Timestamp | null): void {
    this.#guard();
    for (const id of toolUseIds) {
      const use = this.#uses.get(keyOf(sessionId, id));
      if (use !== undefined) this.#uses.set(keyOf(sessionId, id), { ...use, distilledAt });
    }
  }
}

function keyOf(sessionId: SessionId, toolUseId: string): string {
  return `${sessionId} ${toolUseId}`;
}
