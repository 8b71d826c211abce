import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createApplication } from './application/application.js';
import { createScope, type Scope } from './application/lifecycle/scope.js';
import type { Logger } from './application/ports/logger.js';
import { startScheduler } from './application/task/scheduler.js';
import { stopCancelledAttempts } from './application/task/stop-cancelled-attempts.js';
import { type Config, loadConfig } from './config.js';
import { serverDraining, serverStarted } from './domain/event/server-event.js';
import { DomainError } from './domain/shared/domain-error.js';
import { ConfigurationError, type Environment } from './environment.js';
import { EXIT } from './exit-codes.js';
import { tryFileLock } from './home/file-lock.js';
import { type HomePaths, homePaths } from './home/home-paths.js';
import { prepareHome } from './home/prepare-home.js';
import { readPrivateFile, writePrivateFile } from './home/private-file.js';
import { createAgentProfiles } from './infrastructure/agents/agent-profiles.js';
import { createCommandRuntime } from './infrastructure/agents/command/command-runtime.js';
import { createShellRuntime } from './infrastructure/agents/shell/shell-runtime.js';
import { createAttemptFiles } from './infrastructure/filesystem/attempt-files.js';
import { directories } from './infrastructure/filesystem/directories.js';
import { createFindProgram } from './infrastructure/filesystem/find-program.js';
import { createRunFiles } from './infrastructure/filesystem/run-files.js';
import { openServerLog } from './infrastructure/log/server-log.js';
import { createProcesses } from './infrastructure/process/processes.js';
import { BadDatabaseError } from './infrastructure/sqlite/bad-database-error.js';
import { openSqliteStorage, type SqliteStorage } from './infrastructure/sqlite/sqlite-storage.js';
import { clock } from './infrastructure/system/clock.js';
import { createNewId, newRunId } from './infrastructure/system/ids.js';
import { random } from './infrastructure/system/random.js';
import { timer } from './infrastructure/system/timer.js';
import { packageRoot, packageVersion } from './installation.js';
import { AddressInUseError } from './interfaces/http/listen.js';
import { serveHttp } from './interfaces/http/serve-http.js';
import type { ServerInfo } from './interfaces/http/server-info.js';
import { StartError } from './start-error.js';
import { messageOf } from './thrown.js';

/** Bytes of the token that programs show on TCP: 256 bits, as no guess will ever meet. */
const TOKEN_BYTES = 32;
/** What fits into a header and is too long to be guessed; a user may choose one. */
const TOKEN = /^[\x21-\x7e]{32,}$/;

/** A server that listens. */
export interface Daemon {
  readonly version: string;
  readonly instanceId: string;
  /** For people: where it listens. */
  readonly address: string;
  /** Writes down a bug that is about to end the process. */
  logFatal(error: unknown): Promise<void>;
  /** Drains, gives everything back and resolves; the reason goes into the log. */
  stop(reason: string): Promise<void>;
}

export interface DaemonOptions {
  readonly environment: Environment;
  readonly port: number;
  /** Called when a client asks the server to stop. */
  readonly requestStop: (reason: string) => void;
}

/**
 * Builds and starts the whole server on its data directory. Throws a StartError, with nothing left open, when it
 * cannot run.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const scope = createScope('the server');
  try {
    return await compose(scope, options);
  } catch (error) {
    await scope.close();
    throw asStartError(error);
  }
}

async function compose(scope: Scope, { environment, port, requestStop }: DaemonOptions): Promise<Daemon> {
  const paths = homePaths(environment.home);
  await prepareHome(paths);
  const config = loadConfig(paths.config);
  await lockHome(scope, paths);
  const log = await scope.acquire(
    'log',
    () => openServerLog({ file: paths.serverLog, level: environment.logLevel }),
    (opened) => opened.close(),
  );
  const storage = await scope.acquire(
    'storage',
    () => openStorage(paths, config),
    (opened) => opened.close(),
  );

  const version = packageVersion();
  const instanceId = randomUUID();
  const app = composeApplication({ environment, paths, config, storage, log, instanceId, closing: scope.signal });
  const startedAt = clock();
  let state: ReturnType<ServerInfo['state']> = 'starting';
  let listening: number | null = null;
  const server: ServerInfo = {
    version,
    instanceId,
    pid: process.pid,
    startedAt,
    port: () => listening,
    state: () => state,
    services: () => [],
    shutdown: requestStop,
  };
  const token = await ensureToken(paths.token);
  const { port: opened } = await serveHttp(scope, { app, server, token, logger: log, socketPath: paths.socket, port });
  listening = opened;
  await scope.acquire(
    'server.json',
    () =>
      writePrivateFile(
        paths.serverHint,
        JSON.stringify({ pid: process.pid, startedAt, port: opened, version, instanceId }),
      ),
    () => rm(paths.serverHint, { force: true }),
  );
  const append = (fact: ReturnType<typeof serverStarted>) => storage.transaction(({ events }) => events.append([fact]));
  await append(serverStarted(instanceId, version, startedAt));

  // Agents come last, so that they are the first to end, while followers still hear of it.
  scope.defer('agents', async () => {
    await app.runner.close();
    await app.pool.close();
  });
  await app.recover(instanceId);
  stopCancelledAttempts({ eventLog: storage.eventLog, clock }, app.runner, scope.signal).catch((error: unknown) => {
    if (!scope.signal.aborted) log.error('cancelled attempts are no longer stopped', { error });
  });
  startScheduler({ ...app, eventLog: storage.eventLog, clock, logger: log, timer, owner: instanceId }, scope);
  state = 'ready';
  log.info('started', { version, instanceId, port: opened, startMs: clock() - startedAt });

  return {
    version,
    instanceId,
    address: `http://127.0.0.1:${String(opened)} and ${paths.socket}`,
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

function composeApplication({
  environment,
  paths,
  config,
  storage,
  log,
  instanceId,
  closing,
}: {
  readonly environment: Environment;
  readonly paths: HomePaths;
  readonly config: Config;
  readonly storage: SqliteStorage;
  readonly log: Logger;
  readonly instanceId: string;
  readonly closing: AbortSignal;
}) {
  const { variables } = environment;
  const runsDirectory = paths.runs;
  const { startProcess, sweepRuns } = createProcesses({ environment: variables, timer });
  const findProgram = createFindProgram({ path: variables['PATH'], pathExtensions: variables['PATHEXT'] });
  const attemptFiles = createAttemptFiles({ runsDirectory });
  const commandRuntime = createCommandRuntime({ startProcess, sweepRuns, attemptFiles, findProgram });
  const runtimes = { command: commandRuntime, shell: createShellRuntime({ commandRuntime }) };
  return createApplication({
    transaction: storage.transaction,
    read: storage.read,
    eventLog: storage.eventLog,
    clock,
    random,
    timer,
    newId: createNewId({ clock, random, lastKey: storage.lastKey() }),
    newRunId,
    profiles: createAgentProfiles({
      defaultName: config.defaultAgent,
      settings: config.agents,
      runnable: new Set(Object.keys(runtimes) as (keyof typeof runtimes)[]),
      findProgram,
    }),
    directories,
    runFiles: createRunFiles({ runsDirectory }),
    logger: log,
    settings: { tasks: config.tasks, pool: config.pool },
    runtimes,
    sweepRuns,
    owner: instanceId,
    closing,
  });
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

function openStorage(paths: HomePaths, { durability }: Config): Promise<SqliteStorage> {
  return openSqliteStorage({
    file: paths.database,
    backupsDirectory: paths.backups,
    migrationsDirectory: join(packageRoot(), 'migrations'),
    durability,
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

/** What the user can put right becomes a sentence and an exit code; what is left is a bug. */
function asStartError(error: unknown): unknown {
  if (error instanceof AddressInUseError) return new StartError(EXIT.portTaken, error.message);
  const isCorrectable = [ConfigurationError, BadDatabaseError, DomainError].some((kind) => error instanceof kind);
  return isCorrectable ? new StartError(EXIT.configuration, messageOf(error)) : error;
}
