import { z } from 'zod';
import { type Followed, Position } from '../../domain/event/event.js';
import { TaskId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { EventFilter, matches } from './event-filter.js';
import { followLog } from './follow-log.js';

/** `after` is the position to go on from; 0 is everything that is kept, without it only what comes from now on. */
export const WatchEvents = z.strictObject({
  after: Position.optional(),
  types: EventFilter.optional(),
  taskId: TaskId.optional(),
});
export type WatchEvents = z.infer<typeof WatchEvents>;

/** Follows the event log. Ends only by throwing the signal's reason. */
export function createWatchEvents(needs: Pick<Dependencies, 'eventLog' | 'clock'>) {
  return async function* watchEvents(
    { after, types, taskId }: WatchEvents,
    signal: AbortSignal,
  ): AsyncGenerator<Followed, never> {
    const from = after ?? (await needs.eventLog.bounds()).end;
    for await (const followed of followLog(needs, from, signal)) {
      if (followed.type === 'reset' || matches(followed, types, taskId)) yield followed;
    }
    throw new Error('The event log ended.');
  };
}
