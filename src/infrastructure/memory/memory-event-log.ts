import type { Event, Fact, Position } from '../../domain/event/event.js';
import type { EventAppender, EventLog, LogBounds } from '../../domain/event/event-log.js';
import { prunable } from '../../domain/event/prunable.js';
import type { Guard, Undoable } from './memory-transaction.js';

/** The event log in memory: positions count from 1 without a gap. */
export class MemoryEventLog implements EventLog, Undoable {
  readonly #committed: Event[] = [];
  /** Position of the last event that was pruned. */
  #start: Position = 0;
  readonly #listeners = new Set<(fact: Fact) => void>();
  readonly #commitListeners = new Set<(events: readonly Event[]) => void>();
  #waiters = new Set<{ ring: () => void; end: (reason: Error) => void }>();
  #appended: Fact[] = [];
  #forgotten: string[] = [];
  #pruned = 0;
  #closed: Error | undefined;

  /** The appender of one transaction. */
  appender(guard: Guard): EventAppender {
    return {
      append: async (facts) => {
        guard();
        for (const fact of facts) {
          this.#appended.push(fact);
          for (const listener of this.#listeners) listener(fact);
        }
      },
      forget: async (observationIds) => {
        guard();
        this.#forgotten.push(...observationIds);
      },
      prune: async (before, now, limit) => {
        guard();
        this.#pruned = prunable(this.#committed.slice(0, limit), before, now);
        return this.#pruned;
      },
    };
  }

  async after(position: Position, limit: number): Promise<Event[]> {
    const from = Math.max(0, position - this.#start);
    return this.#committed.slice(from, from + limit);
  }

  async before(position: Position, limit: number): Promise<Event[]> {
    const end = Math.max(0, Math.min(position - 1 - this.#start, this.#committed.length));
    return this.#committed.slice(Math.max(0, end - limit), end).reverse();
  }

  async bounds(): Promise<LogBounds> {
    return { start: this.#start, end: this.#end() };
  }

  nextCommit(signal: AbortSignal): Promise<void> {
    const bell = new Promise<void>((resolve, reject) => {
      if (signal.aborted) throw signal.reason;
      if (this.#closed !== undefined) throw this.#closed;
      const stop = () => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        stop();
        reject(signal.reason as Error);
      };
      const waiter = {
        ring: () => {
          stop();
          resolve();
        },
        end: (reason: Error) => {
          stop();
          reject(reason);
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', onAbort);
    });
    // It is armed before each read and not always awaited, so its rejection must not count as unhandled.
    bell.catch(() => undefined);
    return bell;
  }

  onAppend(listener: (fact: Fact) => void): () => void {
    const entry = (fact: Fact) => {
      listener(fact);
    };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  onCommit(listener: (events: readonly Event[]) => void): () => void {
    const entry = (events: readonly Event[]) => {
      listener(events);
    };
    this.#commitListeners.add(entry);
    return () => this.#commitListeners.delete(entry);
  }

  #end(): Position {
    return this.#start + this.#committed.length;
  }

  commit(): void {
    for (const [index, event] of this.#committed.entries()) {
      if (event.observationId !== undefined && this.#forgotten.includes(event.observationId)) {
        this.#committed[index] = { ...event, data: {} };
      }
    }
    this.#forgotten = [];
    this.#committed.splice(0, this.#pruned);
    this.#start += this.#pruned;
    this.#pruned = 0;
    const facts = this.#appended;
    if (facts.length === 0) return;
    this.#appended = [];
    // Written as JSON, as a database would, so that what is read back is not what somebody still holds.
    for (const fact of facts) this.#committed.push({ ...copy(fact), position: this.#end() + 1 });
    for (const listener of this.#commitListeners) listener(this.#committed.slice(-facts.length));
    for (const waiter of [...this.#waiters]) waiter.ring();
  }

  rollback(): void {
    this.#forgotten = [];
    this.#pruned = 0;
    this.#appended = [];
  }

  /** Ends every follower: nothing more will be committed. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const waiter of [...this.#waiters]) waiter.end(reason);
  }
}

function copy(fact: Fact): Fact {
  return JSON.parse(JSON.stringify(fact)) as Fact;
}
