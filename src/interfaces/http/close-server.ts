import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Streams and idle connections are cut after this long, in milliseconds; streams have been told by then. */
const STREAMS_MS = 500;
/**
 * Requests in flight are cut so long after the server began to drain, in milliseconds: long enough for any write, short
 * enough for a stop. Not from when the listener closes: before that agents may take 3 s to end.
 */
const REQUESTS_MS = 5_000;

/** What a listener has to do at the moment, and the requests that it ever took. */
export interface ListenerCounts {
  readonly name: 'socket' | 'tcp';
  readonly connections: number;
  readonly streams: number;
  readonly requests: number;
}

export interface Connections {
  /** Stops accepting, answers what is in flight, and ends. A second call gives the same promise. */
  close(): Promise<void>;
  counts(): Omit<ListenerCounts, 'name'>;
}

/**
 * Knows a server's connections and what they wait for, so that it can be closed without losing an answer. `draining` is
 * aborted when the server begins to drain.
 */
export function trackConnections(server: Server, draining: AbortSignal): Connections {
  let drainsSince: number | undefined;
  draining.addEventListener('abort', () => (drainsSince = performance.now()), { once: true });
  const sockets = new Set<Socket>();
  const inFlight = new Map<ServerResponse, Socket>();
  let closing = false;
  let requests = 0;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const track = ({ socket }: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    inFlight.set(response, socket);
    response.once('close', () => {
      inFlight.delete(response);
      // An answered connection is idle from the next turn on, and closing has nothing more to wait for.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  };
  server.on('request', track);
  server.on('checkContinue', track);

  function cutStreams(): void {
    const answering = new Set([...inFlight].filter(([response]) => !isStream(response)).map(([, socket]) => socket));
    for (const socket of sockets) if (!answering.has(socket)) socket.destroy();
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    closing = true;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    const streams = setTimeout(cutStreams, STREAMS_MS);
    const drainedMs = performance.now() - (drainsSince ?? performance.now());
    const restMs = Math.max(STREAMS_MS, REQUESTS_MS - drainedMs);
    const requests = setTimeout(() => server.closeAllConnections(), restMs);
    await closed;
    clearTimeout(streams);
    clearTimeout(requests);
  }

  let closed: Promise<void> | undefined;
  return {
    close: () => (closed ??= close()),
    counts: () => ({
      connections: sockets.size,
      streams: [...inFlight.keys()].filter(isStream).length,
      requests,
    }),
  };
}

function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
