import { z } from 'zod';
import { ListEvents } from '../../application/event/list-events.js';
import { WatchEvents } from '../../application/event/watch-events.js';
import { Event, Position } from '../../domain/event/event.js';
import { procedure, router } from './init.js';
import { FromPosition, positionOf, resumable } from './resume.js';

const EventPage = z.object({ items: z.array(Event), nextCursor: Position.nullable() });

export const eventRouter = router({
  list: procedure
    .input(ListEvents.prefault({}))
    .output(EventPage)
    .query(({ ctx, input }) => ctx.app.listEvents(input)),

  /** Events that are in the log, then each as it is committed. */
  stream: procedure
    .input(WatchEvents.extend(FromPosition).prefault({}))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) =>
        ctx.app.watchEvents({ ...input, after: lastEventId ?? input.after }, until),
      ),
    ),
});
