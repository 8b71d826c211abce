import { z } from 'zod';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { ServerInfo } from './server-info.js';

/** Raised when a client that does not know the difference would misread the API. */
const PROTOCOL = 1;

/** Whether the server lives and what it does; `services` maps a service's name to its state. */
export const Health = z.object({
  status: z.enum(['starting', 'ok', 'draining']),
  version: z.string(),
  instanceId: z.string(),
  pid: z.int(),
  startedAt: Timestamp,
  uptimeMs: z.int().nonnegative(),
  services: z.record(z.string(), z.string()),
  protocol: z.int(),
});
export type Health = z.infer<typeof Health>;

/** The server's health at this moment. */
export function describeHealth(server: ServerInfo): Health {
  const { version, instanceId, pid, startedAt } = server;
  const state = server.state();
  return {
    status: state === 'ready' ? 'ok' : state,
    version,
    instanceId,
    pid,
    startedAt,
    uptimeMs: Math.max(0, Date.now() - startedAt),
    services: Object.fromEntries(server.services().map((service) => [service.name, service.state])),
    protocol: PROTOCOL,
  };
}
