import { randomBytes } from 'node:crypto';
import type { Application } from '../application/application.js';
import { type Provider, provider } from '../application/lifecycle/service.js';
import type { Workers } from '../application/ports/workers.js';
import { ConfigurationError } from '../environment.js';
import { readPrivateFile, writePrivateFile } from '../home/private-file.js';
import { openFileLimit } from '../infrastructure/system/open-file-limit.js';
import { timer } from '../infrastructure/system/timer.js';
import { type HttpServer, serveHttp } from '../interfaces/http/serve-http.js';
import type { ServerInfo } from '../interfaces/http/server-info.js';
import type { Ground } from './ground.js';
import { createReadLargeHook } from './large-hooks.js';
import type { WorkerJobs } from './worker-jobs.js';

/** Bytes of the token that programs show on TCP: 256 bits, as no guess will ever meet. */
const TOKEN_BYTES = 32;
/** What fits into a header and is too long to be guessed; a user may choose one. */
const TOKEN = /^[\x21-\x7e]{32,}$/;

export interface HttpServiceOptions {
  readonly port: number;
  readonly server: ServerInfo;
  /** Asked for what is large, once the server is ready for requests. */
  readonly workers: Provider<Workers<WorkerJobs>>;
  /** Comes when the server is ready for requests. */
  readonly app: Promise<Application>;
}

/** Listens. It comes up early: `/health` answers, and whatever needs more waits at the start gate. */
export function createHttpService(
  { paths, config, log, grants, closing }: Ground,
  { port, server, app, workers }: HttpServiceOptions,
): Provider<HttpServer> {
  return provider({
    name: 'http',
    needs: [],
    critical: true,
    async start(scope) {
      const token = await ensureToken(paths.token);
      const hooksToken = await ensureToken(paths.hooksToken);
      return serveHttp(scope, {
        app,
        server,
        token,
        hooksToken,
        grants,
        logger: log,
        timer,
        socketPath: paths.socket,
        port,
        draining: closing,
        openFiles: openFileLimit(),
        readLargeHook: createReadLargeHook(() => workers.provided(), config.memory.exclude),
      });
    },
  });
}

async function ensureToken(file: string): Promise<string> {
  const known = (await readPrivateFile(file))?.trim() ?? '';
  if (TOKEN.test(known)) return known;
  if (known !== '') {
    throw new ConfigurationError(`The file ${file} holds no token that is safe. Remove it, and a new one is made.`);
  }
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  await writePrivateFile(file, token);
  return token;
}
