import type { Event, Position } from '../../domain/event/event.js';

/**
 * The newest committed events, so that those who follow the log live need no query. It knows every event after
 * `floor`; what is older is in the database only.
 */
export class EventRing {
  readonly #size: number;
  readonly #events: Event[] = [];
  /** Where the oldest event stands once the ring is full. */
  #oldest = 0;
  #floor: Position;
  #end: Position;

  constructor(size: number, end: Position) {
    this.#size = size;
    this.#floor = end;
    this.#end = end;
  }

  /** The position of the newest event, or of the one that was newest at the start. */
  get end(): Position {
    return this.#end;
  }

  push(event: Event): void {
    this.#end = event.position;
    if (this.#events.length < this.#size) {
      this.#events.push(event);
      return;
    }
    const oldest = this.#events[this.#oldest];
    if (oldest !== undefined) this.dropUntil(oldest.position);
    this.#events[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % this.#size;
  }

  /** Knows nothing any more of what is up to this position. */
  dropUntil(position: Position): void {
    this.#floor = Math.max(this.#floor, position);
  }

  /** Takes out what its events say of these observations. */
  forget(observationIds: ReadonlySet<string>): void {
    for (const [index, event] of this.#events.entries()) {
      if (event.observationId !== undefined && observationIds.has(event.observationId)) {
        this.#events[index] = { ...event, data: {} };
      }
    }
  }

  /** Up to `limit` events after this position, or undefined when some of them are no longer here. */
  after(position: Position, limit: number): Event[] | undefined {
    if (position < this.#floor) return undefined;
    const found: Event[] = [];
    for (let index = this.#firstAfter(position); index < this.#events.length && found.length < limit; index += 1) {
      const event = this.#at(index);
      if (event !== undefined) found.push(event);
    }
    return found;
  }

  /** The index, oldest first, of the first event after this position. Positions may have gaps, so it is searched. */
  #firstAfter(position: Position): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at(middle)?.position ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #at(index: number): Event | undefined {
    return this.#events[(this.#oldest + index) % this.#events.length];
  }
}
