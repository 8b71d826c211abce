import type { Followed, Position } from '../../domain/event/event.js';
import type { Dependencies } from '../dependencies.js';

/** Made once: an abort without a reason builds an error with a stack, for every read of every follower. */
const GIVEN_UP = new Error('The wait was given up.');
/** Events read at once; a follower holds no more of the log than this in memory. */
const BATCH = 256;

/**
 * Every event after `from`, first those that are in the log, then each as it is committed; ends by throwing the
 * signal's reason. A `from` that the log no longer holds, or not yet, is answered by a reset to the oldest or newest
 * position first, and so is a follower so slow that what it had not read is gone.
 */
export async function* followLog(
  { eventLog, clock }: Pick<Dependencies, 'eventLog' | 'clock'>,
  from: Position,
  signal: AbortSignal,
): AsyncGenerator<Followed, never> {
  let cursor = from;
  const { start, end } = await eventLog.bounds();
  if (from < start || from > end) {
    cursor = from < start ? start : end;
    yield { type: 'reset', position: cursor, at: clock() };
  }
  for (;;) {
    signal.throwIfAborted();
    // Armed before the read, so that no commit can fall between; given up when the read found something.
    const waiting = new AbortController();
    const stopWaiting = () => {
      waiting.abort(signal.reason);
    };
    signal.addEventListener('abort', stopWaiting, { once: true });
    const bell = eventLog.nextCommit(waiting.signal);
    bell.catch(() => {});
    try {
      const batch = await eventLog.after(cursor, BATCH);
      const [next] = batch;
      // Positions hardly ever have gaps: only then it is asked whether one comes of pruning.
      if (next !== undefined && next.position > cursor + 1) {
        const oldest = (await eventLog.bounds()).start;
        if (cursor < oldest && oldest < next.position) yield { type: 'reset', position: oldest, at: clock() };
      }
      for (const event of batch) {
        yield event;
        cursor = event.position;
      }
      if (batch.length === 0) await bell;
    } finally {
      signal.removeEventListener('abort', stopWaiting);
      waiting.abort(GIVEN_UP);
    }
  }
}
