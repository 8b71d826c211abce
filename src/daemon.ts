import { randomUUID } from 'node:crypto';
import { createGrants } from './application/agent/grants.js';
import type { Application } from './application/application.js';
import { createScope, type Scope } from './application/lifecycle/scope.js';
import type { Service } from './application/lifecycle/service.js';
import { createServiceBoard } from './application/lifecycle/service-board.js';
import { startServices } from './application/lifecycle/start-services.js';
import { createAgentsService } from './composition/agents-service.js';
import { createApiService } from './composition/api-service.js';
import { createCancellationsService } from './composition/cancellations-service.js';
import { createContextService } from './composition/context-service.js';
import { createDistilService } from './composition/distil-service.js';
import type { Ground } from './composition/ground.js';
import { createHintService } from './composition/hint-service.js';
import { createHttpService } from './composition/http-service.js';
import { openEmbedder } from './composition/open-embedder.js';
import { createRetentionService } from './composition/retention-service.js';
import { createSchedulerService } from './composition/scheduler-service.js';
import { createSchedulesService } from './composition/schedules-service.js';
import { createSessionsService } from './composition/sessions-service.js';
import { createSpoolService } from './composition/spool-service.js';
import { asStartFailure } from './composition/start-failure.js';
import { createStorageService } from './composition/storage-service.js';
import { createTranscriptsService } from './composition/transcripts-service.js';
import { createVectorsService } from './composition/vectors-service.js';
import { createWatchdogService, DEAD_MS } from './composition/watchdog-service.js';
import { createWorkersService } from './composition/workers-service.js';
import { createWorkspacesService } from './composition/workspaces-service.js';
import { loadConfig } from './config.js';
import type { Fact } from './domain/event/event.js';
import { serverDraining, serverStarted } from './domain/event/server-event.js';
import type { Environment } from './environment.js';
import { EXIT } from './exit-codes.js';
import { tryFileLock } from './home/file-lock.js';
import { type HomePaths, homePaths } from './home/home-paths.js';
import { prepareHome } from './home/prepare-home.js';
import { createLoopWatch } from './infrastructure/event-loop/loop-watch.js';
import { openServerLog } from './infrastructure/log/server-log.js';
import { agentSecrets } from './infrastructure/system/agent-secrets.js';
import { clock } from './infrastructure/system/clock.js';
import { stopwatch } from './infrastructure/system/stopwatch.js';
import { timer } from './infrastructure/system/timer.js';
import { packageVersion } from './installation.js';
import type { ServerInfo } from './interfaces/http/server-info.js';
import { StartError } from './start-error.js';

/** A server that takes work. */
export interface Daemon {
  readonly version: string;
  readonly instanceId: string;
  /** For people: where it listens. */
  readonly address: string;
  /** Writes down a bug that is about to end the process. */
  logFatal(error: unknown): Promise<void>;
  /** Drains, gives everything back and resolves; the reason goes into the log. Agents go on if another server follows. */
  stop(reason: string): Promise<void>;
}

export interface DaemonOptions {
  readonly environment: Environment;
  readonly port: number;
  /** Called when a client asks the server to stop. */
  readonly requestStop: (reason: string) => void;
  /** Called when a client asks the server to make way for this version; says who starts that. */
  readonly requestReplace: ServerInfo['replace'];
  /** Whether this server makes way for another, which takes its agents over; asked while it stops. Never, if left out. */
  readonly makesWay?: () => boolean;
  /** What a test changes about the services. */
  readonly adapt?: (services: readonly Service[], ground: Ground) => readonly Service[];
  /** How long the event loop may be dead, in milliseconds; left out outside of tests. */
  readonly deadMs?: number;
}

/**
 * Builds and starts the whole server on its data directory. Throws a StartError, with nothing left open, when it
 * cannot run.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  let ground: Ground | undefined;
  const error = (message: string, details?: object) => ground?.log.error(message, details);
  const scope = createScope('the server', { timer, logger: { error } });
  try {
    ground = await prepareGround(scope, options.environment);
    return await startOn(ground, scope, options);
  } catch (cause) {
    error('the server could not start', { error: cause });
    // Why it could not start is what counts; on a full disk, say, not even its log can be closed.
    await scope.close().catch((unreleased: unknown) => error('not all could be given back', { error: unreleased }));
    throw asStartFailure(cause);
  }
}

/** What is taken first is given back last: the lock, then the log. */
async function prepareGround(scope: Scope, environment: Environment): Promise<Ground> {
  const startedAt = clock();
  const paths = homePaths(environment.home);
  await prepareHome(paths);
  const config = loadConfig(paths.config);
  await lockHome(scope, paths);
  const log = await scope.acquire(
    'log',
    () => openServerLog({ file: paths.serverLog, level: environment.logLevel }),
    (opened) => opened.close(),
  );
  const loop = await scope.acquire(
    'loop watch',
    () => createLoopWatch({ stopwatch, logger: log }),
    (opened) => opened[Symbol.dispose](),
  );
  const [version, instanceId, closing] = [packageVersion(), randomUUID(), scope.signal];
  const grants = createGrants(agentSecrets);
  return { environment, paths, config, log, loop, grants, version, instanceId, startedAt, closing };
}

/** The lock is what makes this the one server of its data directory; it ends with the process, however that ends. */
async function lockHome(scope: Scope, { home, serverLock }: HomePaths): Promise<void> {
  const lock = await scope.acquire(
    'server.lock',
    () => tryFileLock(serverLock),
    (taken) => taken?.release(),
  );
  if (lock === null) throw new StartError(EXIT.otherServer, `Another server owns ${home}; see it with: cw status`);
}

async function startOn(ground: Ground, scope: Scope, options: DaemonOptions): Promise<Daemon> {
  const { log, loop, version, instanceId, startedAt, paths } = ground;
  const board = createServiceBoard(stopwatch, loop.note);
  let state: ReturnType<ServerInfo['state']> = 'starting';
  const server: ServerInfo = {
    version,
    instanceId,
    pid: process.pid,
    startedAt,
    port: () => http.providedYet()?.port ?? null,
    state: () => state,
    services: () => board.list(),
    noteWork: loop.note,
    loopDelay: () => loop.delay(),
    shutdown: options.requestStop,
    replace: options.requestReplace,
  };
  let openGate: (app: Application) => void = () => {};
  const app = new Promise<Application>((resolve) => {
    openGate = resolve;
  });

  const workers = createWorkersService(ground);
  const http = createHttpService(ground, { port: options.port, server, app, workers });
  const storage = createStorageService(ground, workers);
  const embedder = openEmbedder(ground.config, ground.environment.variables, log);
  const api = createApiService(ground, { storage, workers, http, embedder, openGate });
  const { makesWay = () => false } = options;
  const agents = createAgentsService(ground, api, makesWay);
  const services: readonly Service[] = [
    // First to start, so last to stop: it watches over the stop as well.
    createWatchdogService(ground, options.deadMs ?? DEAD_MS),
    workers,
    http,
    createHintService(ground, http),
    storage,
    api,
    agents,
    // Before all that makes observations, so that it stops after them and counts their last ones.
    createContextService(ground, { storage, api }),
    createSessionsService(ground, { storage, api }),
    createSpoolService(ground, api),
    createTranscriptsService(ground, { storage, workers, api }),
    createCancellationsService(ground, { storage, api, agents }),
    createSchedulerService(ground, { storage, api, agents }),
    createSchedulesService(ground, { storage, api }),
    createWorkspacesService(ground, { storage, workers, api }),
    createDistilService(ground, { storage, api }),
    createVectorsService(ground, { storage, embedder }),
    createRetentionService(ground, api),
  ];

  // Given back after the services and before the log, so that it can tell how long each took to stop.
  scope.defer('last word', () => log.info('stopped', { services: board.list() }));
  scope.defer('agents that go on', () => partWithAgents(api.providedYet(), makesWay));
  await startServices(options.adapt?.(services, ground) ?? services, { scope, board, logger: log });
  const append = (fact: Fact) => storage.provided().transaction(({ events }) => events.append([fact]));
  await append(serverStarted(instanceId, version, board.list(), clock()));
  state = 'ready';
  const { port } = http.provided();
  log.info('started', { version, instanceId, port, startMs: clock() - startedAt, services: board.list() });

  return {
    version,
    instanceId,
    address: `http://127.0.0.1:${String(port)} and ${paths.socket}`,
    logFatal(error) {
      log.error('the server ends because of a bug', { error });
      return log.close();
    },
    async stop(reason) {
      state = 'draining';
      log.info('stopping', { reason });
      await append(serverDraining(instanceId, reason, clock())).catch((error: unknown) => {
        log.warn('the stop could not be announced', { error });
      });
      await scope.close();
    },
  };
}

/** The last moment at which it is known whether another server follows: from now on nothing is said to an agent. */
async function partWithAgents(app: Application | undefined, makesWay: () => boolean): Promise<void> {
  if (!makesWay()) await app?.pool.endLeft();
  app?.leaveAgents();
}
