import { z } from 'zod';
import { compareVersions, VERSION } from '../../compare-versions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { ServerInfo } from '../http/server-info.js';

/** Characters of the longest version that anybody writes. */
const MAX_VERSION_LENGTH = 100;

/** Which server is to be replaced, as the caller saw it, and by which version. */
export const Replace = z.strictObject({
  instanceId: z.string().min(1).max(100),
  toVersion: z.string().max(MAX_VERSION_LENGTH).regex(VERSION, 'It must be a version such as 1.2.3.'),
});
type Replace = z.infer<typeof Replace>;

/** Which server ends, and who starts the next one. */
export const Replaced = z.object({ instanceId: z.string(), successor: z.enum(['server', 'caller']) });
type Replaced = z.infer<typeof Replaced>;

/**
 * Compare and swap: only the server that the caller saw gives way, so of many callers one replaces it; and never to an
 * older version, so two versions in turn cannot fight. The caller names no program: see decision 9.
 */
export function replaceServer(server: ServerInfo, { instanceId, toVersion }: Replace): Replaced {
  if (instanceId !== server.instanceId) {
    throw new DomainError(
      'conflict',
      `Cannot replace the server ${instanceId}: another one, ${server.instanceId}, runs by now.`,
    );
  }
  if (compareVersions(toVersion, server.version) < 0) {
    throw new DomainError(
      'conflict',
      `Cannot replace the server by version ${toVersion}: it is version ${server.version}, which is newer.`,
    );
  }
  return { instanceId, successor: server.replace(toVersion) };
}
