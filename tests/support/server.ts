import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../../src/application/lifecycle/scope.js';
import type { Logger } from '../../src/application/ports/logger.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { type Client, type ClientOptions, createClient } from '../../src/interfaces/client/client.js';
import { type HttpOptions, serveHttp } from '../../src/interfaces/http/serve-http.js';
import type { ServerInfo } from '../../src/interfaces/http/server-info.js';
import { openApplication } from './application.js';
import { openScope } from './scope.js';

export const TOKEN = '5eb1b0c2a7f34d0f9c1d2e3f4a5b6c7d';
export const HOOKS_TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';

type State = ReturnType<ServerInfo['state']>;

export interface TestServer extends AsyncDisposable {
  readonly app: ReturnType<typeof openApplication>['app'];
  readonly backend: ReturnType<typeof openApplication>;
  readonly socketPath: string;
  readonly port: number;
  readonly url: string;
  /** Over the Unix socket. */
  readonly client: Client;
  readonly errors: unknown[];
  readonly shutdowns: string[];
  /** Versions for which the server was asked to make way. */
  readonly replacements: string[];
  setState(state: State): void;
  /** Resolves once the server has begun to work on this, as it notes it. */
  worksOn(what: string): Promise<void>;
  connect(options: ClientOptions): Client;
  /** Stops serving, and serves again at the same addresses, the way a restart does. */
  restart(): Promise<void>;
  stopServing(): Promise<void>;
}

/** A whole server without its agents: the use cases in memory, on a socket and a port of its own, with a client. */
export async function openTestServer(options: Partial<HttpOptions> = {}): Promise<TestServer> {
  const scope = openScope('the test server');
  try {
    return await openIn(scope, options);
  } catch (error) {
    await scope.close();
    throw error;
  }
}

async function openIn(scope: Scope, options: Partial<HttpOptions>): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'cw-'));
  scope.defer('directory', () => rm(directory, { recursive: true, force: true }));
  const backend = openApplication();
  scope.defer('application', () => backend[Symbol.asyncDispose]());

  const errors: unknown[] = [];
  const shutdowns: string[] = [];
  const replacements: string[] = [];
  const worked = new Set<string>();
  const watchers = new Set<() => void>();
  const logger: Logger = { debug() {}, info() {}, warn() {}, error: (_message, details) => errors.push(details) };
  let state: State = 'ready';
  let port = 0;
  let run = 0;
  let serving = openScope('serving');
  scope.defer('serving', () => serving.close());
  const socketPath = join(directory, 'cw.sock');

  async function serve(): Promise<void> {
    run += 1;
    const instanceId = `instance-${run}`;
    serving = openScope('serving');
    const server: ServerInfo = {
      version: '0.0.0-test',
      instanceId,
      pid: process.pid,
      startedAt: Date.now(),
      port: () => port,
      state: () => state,
      services: () => [
        { name: 'storage', state: 'ready', problem: null, startMs: 1, warmUpMs: null, stopMs: null, blockedMs: 1 },
      ],
      noteWork: (what) => {
        worked.add(what);
        for (const look of watchers) look();
      },
      loopDelay: () => ({ p50Ms: 0.5, p99Ms: 12, maxMs: 250, blocks: 1 }),
      shutdown: (reason) => void shutdowns.push(reason),
      replace: (toVersion) => {
        replacements.push(toVersion);
        return 'caller';
      },
    };
    ({ port } = await serveHttp(serving, {
      socketPath,
      port,
      token: TOKEN,
      hooksToken: HOOKS_TOKEN,
      grants: backend.needs.grants,
      app: backend.app,
      timer,
      server,
      logger,
      draining: serving.signal,
      ...options,
    }));
  }
  await serve();

  const connect = (clientOptions: ClientOptions) => {
    const client = createClient(clientOptions);
    scope.defer('client', () => client.close());
    return client;
  };
  return {
    app: backend.app,
    backend,
    socketPath,
    port,
    url: `http://127.0.0.1:${port}`,
    client: connect({ socketPath }),
    errors,
    shutdowns,
    replacements,
    setState: (next) => {
      state = next;
    },
    worksOn: (what) =>
      new Promise((resolve) => {
        const look = () => {
          if (!worked.has(what)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    connect,
    restart: async () => {
      await serving.close();
      await serve();
    },
    stopServing: () => serving.close(),
    [Symbol.asyncDispose]: () => scope.close(),
  };
}
