import { z } from 'zod';
import { Status } from '../../application/system/get-status.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { ServerInfo } from '../http/server-info.js';

const Milliseconds = z.number().nonnegative();
const Bytes = z.int().nonnegative();

const ServerStatus = z.object({
  version: z.string(),
  instanceId: z.string(),
  pid: z.int(),
  port: z.int().nullable(),
  startedAt: Timestamp,
  uptimeMs: z.int().nonnegative(),
  state: z.enum(['starting', 'ready', 'draining']),
  services: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      problem: z.string().nullable(),
      startMs: Milliseconds.nullable(),
      warmUpMs: Milliseconds.nullable(),
      stopMs: Milliseconds.nullable(),
      blockedMs: Milliseconds.nullable(),
    }),
  ),
  memory: z.object({ rssBytes: Bytes, heapBytes: Bytes }),
  eventLoop: z.object({ p50Ms: Milliseconds, p99Ms: Milliseconds, maxMs: Milliseconds, blocks: z.int().nonnegative() }),
});
type ServerStatus = z.infer<typeof ServerStatus>;

/** All that `cw status` shows. */
export const SystemStatus = Status.extend({ server: ServerStatus });

/** The server itself at this moment. */
export function describeServer(server: ServerInfo): ServerStatus {
  const { version, instanceId, pid, startedAt } = server;
  const { rss, heapUsed } = process.memoryUsage();
  return {
    version,
    instanceId,
    pid,
    port: server.port(),
    startedAt,
    uptimeMs: Math.max(0, Date.now() - startedAt),
    state: server.state(),
    services: [...server.services()],
    memory: { rssBytes: rss, heapBytes: heapUsed },
    eventLoop: server.loopDelay(),
  };
}
