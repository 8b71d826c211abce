import type { Timestamp } from '../shared/timestamp.js';
import type { Fact } from './event.js';

/** The server is up under this instance id. */
export function serverStarted(instanceId: string, version: string, at: Timestamp): Fact {
  return { type: 'server.started', at, data: { instanceId, version } };
}

/** The server takes no new work and is about to end. */
export function serverDraining(instanceId: string, reason: string, at: Timestamp): Fact {
  return { type: 'server.draining', at, data: { instanceId, reason } };
}
