import { rm } from 'node:fs/promises';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { writePrivateFile } from '../home/private-file.js';
import type { HttpServer } from '../interfaces/http/serve-http.js';
import type { Ground } from './ground.js';

/** Writes down who runs, for people and for messages. A server works without it. */
export function createHintService(
  { paths, startedAt, version, instanceId }: Ground,
  http: Provider<HttpServer>,
): Service {
  return {
    name: 'hint',
    needs: [http.name],
    critical: false,
    async start(scope) {
      const { port } = http.provided();
      const hint = JSON.stringify({ pid: process.pid, startedAt, port, version, instanceId });
      await scope.acquire(
        'server.json',
        () => writePrivateFile(paths.serverHint, hint),
        () => rm(paths.serverHint, { force: true }),
      );
    },
  };
}
