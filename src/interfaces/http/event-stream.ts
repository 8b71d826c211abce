import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './respond.js';

/** A stream shows this often that it lives, in milliseconds: seldom enough for an idle server to stay idle. */
const PING_MS = 15_000;

/**
 * Writes an event stream as fast as the client reads it: while it does not, nothing more is asked of `texts`. The
 * signal that `follow` gets is aborted when the client leaves.
 */
export async function writeEventStream(
  response: ServerResponse,
  ping: string,
  follow: (left: AbortSignal) => AsyncIterable<string>,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    left.abort();
  });
  // Set beforehand, because what only `writeHead` is given cannot be read again, and by this a stream is known.
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'X-Accel-Buffering': 'no',
  });
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(ping);
  }, PING_MS).unref();
  try {
    for await (const text of follow(left.signal)) {
      timer.refresh();
      if (!response.write(text)) await once(response, 'drain', { signal: left.signal });
    }
  } catch (error) {
    if (!left.signal.aborted) throw error;
  } finally {
    clearInterval(timer);
    response.end();
  }
}
