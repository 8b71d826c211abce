import type { Server } from 'node:http';
import type { Logger } from '../../application/ports/logger.js';

/** Most connections of one listener: 100 sessions with a stream and some calls each. */
const MAX_CONNECTIONS = 1_024;
/** Open files that are left to everything but connections: the database, logs, libraries, and some agents' pipes. */
const KEPT_FILES = 64;
/** Even where hardly any file may be open, somebody must be able to ask for the server's end. */
const LEAST_CONNECTIONS = 8;
const LISTENERS = 2;
/** That connections are turned away is logged at most so often, in milliseconds: it may be thousands in a second. */
const SAID_AGAIN_MS = 60_000;

/**
 * Bounds the connections of a listener, also by how many files the process may have open (undefined: no matter), so
 * that clients alone never use those up. Whoever comes when all are taken is turned away, which the log is told.
 */
export function limitConnections(server: Server, openFiles: number | undefined, logger: Pick<Logger, 'warn'>): void {
  const most = mostConnections(openFiles);
  let saidAt = Number.NEGATIVE_INFINITY;
  server.maxConnections = most;
  server.on('drop', () => {
    const now = performance.now();
    if (now - saidAt < SAID_AGAIN_MS) return;
    saidAt = now;
    logger.warn('connections are turned away: too many are open', { most, openFiles });
  });
}

/** How many connections one listener may have when so many files may be open. */
export function mostConnections(openFiles: number | undefined): number {
  if (openFiles === undefined) return MAX_CONNECTIONS;
  const share = Math.floor((openFiles - KEPT_FILES) / LISTENERS);
  return Math.min(MAX_CONNECTIONS, Math.max(LEAST_CONNECTIONS, share));
}
