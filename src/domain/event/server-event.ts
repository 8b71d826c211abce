import type { Timestamp } from '../shared/timestamp.js';
import type { Fact } from './event.js';

/** How long a part of the server took to start, in milliseconds; null if it still is not up. */
export interface ServiceStart {
  readonly name: string;
  readonly state: string;
  readonly startMs: number | null;
  readonly blockedMs: number | null;
}

/** The server is up under this instance id. */
export function serverStarted(
  instanceId: string,
  version: string,
  services: readonly ServiceStart[],
  at: Timestamp,
): Fact {
  const starts = services.map(({ name, state, startMs, blockedMs }) => ({ name, state, startMs, blockedMs }));
  return { type: 'server.started', at, data: { instanceId, version, services: starts } };
}

/** The server takes no new work and is about to end. */
export function serverDraining(instanceId: string, reason: string, at: Timestamp): Fact {
  return { type: 'server.draining', at, data: { instanceId, reason } };
}
