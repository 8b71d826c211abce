import { z } from 'zod';
import { type Event, Position } from '../../domain/event/event.js';
import { TaskId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { PageSize } from '../page.js';
import { EventFilter, matches } from './event-filter.js';

/** Events looked at by one call, some 20 ms of work; a filter that finds fewer goes on with the cursor. */
const MOST_READ = 10_000;
const BATCH = 500;

/** `cursor` is the position before which to go on. */
export const ListEvents = z.strictObject({
  types: EventFilter.optional(),
  taskId: TaskId.optional(),
  cursor: Position.optional(),
  limit: PageSize,
});
export type ListEvents = z.infer<typeof ListEvents>;

export interface EventPage {
  items: Event[];
  nextCursor: Position | null;
}

/** Events, newest first. A page may be short, or empty, before the end: `nextCursor` alone tells. */
export function createListEvents({ eventLog }: Pick<Dependencies, 'eventLog'>) {
  return async ({ types, taskId, cursor, limit }: ListEvents): Promise<EventPage> => {
    const items: Event[] = [];
    let before = cursor ?? Number.MAX_SAFE_INTEGER;
    for (let read = 0; read < MOST_READ; read += BATCH) {
      const batch = await eventLog.before(before, BATCH);
      for (const event of batch) {
        if (items.length === limit) return { items, nextCursor: before };
        before = event.position;
        if (matches(event, types, taskId)) items.push(event);
      }
      if (batch.length < BATCH) return { items, nextCursor: null };
    }
    return { items, nextCursor: before };
  };
}
