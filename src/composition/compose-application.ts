import { type Application, createApplication } from '../application/application.js';
import type { Embedder } from '../application/ports/embedder.js';
import type { Workers } from '../application/ports/workers.js';
import { createAgentProfiles } from '../infrastructure/agents/agent-profiles.js';
import { createShellRuntime } from '../infrastructure/agents/shell/shell-runtime.js';
import { createClaudeMem } from '../infrastructure/claude-mem/claude-mem.js';
import { cron } from '../infrastructure/cron/croner-cron.js';
import { createAttemptFiles } from '../infrastructure/filesystem/attempt-files.js';
import { directories } from '../infrastructure/filesystem/directories.js';
import { createDistillerPlace } from '../infrastructure/filesystem/distiller-place.js';
import { createFindProgram } from '../infrastructure/filesystem/find-program.js';
import { directoriesFoundLately, programsFoundLately } from '../infrastructure/filesystem/found-lately.js';
import { createProgramVersion } from '../infrastructure/filesystem/program-version.js';
import { createRunFiles } from '../infrastructure/filesystem/run-files.js';
import { openTemporaryDirectory } from '../infrastructure/filesystem/temporary-directory.js';
import { createTokenFiles } from '../infrastructure/filesystem/token-files.js';
import { createGitProgram } from '../infrastructure/git/git-program.js';
import { createGitRepositories } from '../infrastructure/git/git-repositories.js';
import { createAgentFiles } from '../infrastructure/process/agent/agent-files.js';
import { createProcesses } from '../infrastructure/process/processes.js';
import { compileExclusion } from '../infrastructure/redaction/exclusion.js';
import { redactor } from '../infrastructure/redaction/redactor.js';
import { createMemorySearch } from '../infrastructure/sqlite/sqlite-memory-search.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { createTakeBackup } from '../infrastructure/sqlite/take-backup.js';
import { clock } from '../infrastructure/system/clock.js';
import { createNewId, newRunId } from '../infrastructure/system/ids.js';
import { random } from '../infrastructure/system/random.js';
import { stopwatch } from '../infrastructure/system/stopwatch.js';
import { timer } from '../infrastructure/system/timer.js';
import { createTokenCounter } from '../infrastructure/tokens/token-counter.js';
import { createWorkspaceFiles } from '../infrastructure/workspaces/workspace-files.js';
import { createAgentRuntimes, createRuntimesIn } from './agent-runtimes.js';
import { createExpired } from './expired.js';
import type { Ground } from './ground.js';
import { createModelDistiller } from './model-distiller.js';
import { createProbeStage } from './probe-stage.js';
import type { WorkerJobs } from './worker-jobs.js';

/** A backup that takes longer has hung, in milliseconds: a slow disk writes some 50 GB in it. */
const BACKUP_TIMEOUT_MS = 3_600_000;
/** Longest time to look through all that is remembered, in milliseconds: some 20 GB. */
const FIND_TIMEOUT_MS = 600_000;
/** Longest time in which the database is written anew, and writes wait, in milliseconds. */
const COMPACT_TIMEOUT_MS = 600_000;

/** Gives every port of the application the adapter that it has in the real server. */
export function composeApplication(
  { environment, version, paths, config, log, grants, instanceId, closing }: Ground,
  storage: SqliteStorage,
  workers: Workers<WorkerJobs>,
  embedder: Embedder | null,
): Application {
  const { variables } = environment;
  const runsDirectory = paths.runs;
  const { startProcess, sweepRuns, lookAtRun } = createProcesses({ environment: variables, timer });
  const findProgram = createFindProgram({ path: variables['PATH'], pathExtensions: variables['PATHEXT'] });
  const attemptFiles = createAttemptFiles({ runsDirectory });
  const running = { sweepRuns, variables, findProgram, workers, version };
  const { runtimes: programs, leaveAll } = createAgentRuntimes({
    ...running,
    agents: paths.agents,
    runs: runsDirectory,
  });
  const runtimes = { ...programs, shell: createShellRuntime({ commandRuntime: programs.command }) };
  const newId = createNewId({ clock, random, lastKey: storage.lastKey() });
  const profiles = createAgentProfiles({
    defaultName: config.defaultAgent,
    settings: config.agents,
    runnable: new Set(Object.keys(runtimes) as (keyof typeof runtimes)[]),
    findProgram: programsFoundLately(findProgram),
    programVersion: createProgramVersion({ startProcess, openTemporaryDirectory, newRunId, logger: log, closing }),
  });
  const distillerPlace = createDistillerPlace(paths.distiller);
  const distillers = () => createRuntimesIn(paths.distiller, running);
  return createApplication({
    transaction: storage.transaction,
    read: storage.read,
    eventLog: storage.eventLog,
    clock,
    random,
    timer,
    newId,
    newRunId,
    openTemporaryDirectory,
    openProbeStage: createProbeStage(running),
    profiles,
    directories: directoriesFoundLately(directories),
    cron,
    repositories: createGitRepositories({ git: createGitProgram({ findProgram, variables }) }),
    runFiles: createRunFiles({ runsDirectory }),
    workspaceFiles: createWorkspaceFiles(workers),
    redactor,
    isExcluded: compileExclusion(config.memory.exclude),
    countTokens: createTokenCounter(workers),
    memorySearch: createMemorySearch(workers, paths.database),
    findRemembered: (filter, limit) =>
      workers.run('findRemembered', { database: paths.database, filter, limit }, { timeoutMs: FIND_TIMEOUT_MS }),
    memoryFile: {
      write: (file) => workers.run('exportMemory', { database: paths.database, file }, { timeoutMs: FIND_TIMEOUT_MS }),
      check: (file) => workers.run('checkRecords', { file }, { timeoutMs: FIND_TIMEOUT_MS }),
      read: (file, from) => workers.run('readRecords', { file, from }, { timeoutMs: FIND_TIMEOUT_MS }),
    },
    claudeMem: createClaudeMem(workers, paths.imports),
    compactStorage: async ({ dryRun }) => {
      const database = paths.database;
      if (dryRun) return workers.run('measureDatabase', { database }, { timeoutMs: FIND_TIMEOUT_MS });
      return storage.exclusively(() => workers.run('compactDatabase', { database }, { timeoutMs: COMPACT_TIMEOUT_MS }));
    },
    logger: log,
    settings: {
      tasks: config.tasks,
      pool: config.pool,
      memory: {
        enabled: config.memory.enabled,
        contextTokens: config.memory.contextTokens,
        home: paths.home,
      },
    },
    embedder,
    model: createModelDistiller(config, {
      variables,
      log,
      agent: () => ({ profiles, newId, newRunId, clock, runtimes: distillers(), place: distillerPlace }),
    }),
    distillerPlace,
    runtimes,
    leaveAgents: leaveAll,
    attemptFiles,
    sweepRuns,
    lookAtRun,
    grants,
    tokenFiles: createTokenFiles({ directory: paths.agentTokens }),
    agentFiles: createAgentFiles({ directory: paths.agents }),
    takeBackup: createTakeBackup({
      database: paths.database,
      directory: paths.backups,
      copy: (input) => workers.run('copyDatabase', input, { timeoutMs: BACKUP_TIMEOUT_MS, signal: closing }),
      clock,
      closing,
    }),
    expired: createExpired({ workers, paths, oldest: storage.oldest, clock }),
    retention: config.retention,
    stopwatch,
    owner: instanceId,
    closing,
  });
}
