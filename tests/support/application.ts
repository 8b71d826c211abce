import { createGrants } from '../../src/application/agent/grants.js';
import { createApplication } from '../../src/application/application.js';
import type { ModelDistiller } from '../../src/application/distil/distil-by-model.js';
import type { MemorySettings, PoolSettings, TaskSettings } from '../../src/application/limits.js';
import type { AgentFiles } from '../../src/application/ports/agent-files.js';
import type { AgentProfiles } from '../../src/application/ports/agent-profiles.js';
import type { TokenFiles } from '../../src/application/ports/agent-secrets.js';
import type { Expired } from '../../src/application/ports/expired.js';
import type { Logger } from '../../src/application/ports/logger.js';
import type { WorkspaceFiles } from '../../src/application/ports/workspace-files.js';
import { startScheduler } from '../../src/application/task/scheduler.js';
import { stopEndedAttempts } from '../../src/application/task/stop-ended-attempts.js';
import type { AgentProfile } from '../../src/domain/agent/agent-profile.js';
import { DomainError } from '../../src/domain/shared/domain-error.js';
import type { TaskId } from '../../src/domain/shared/id.js';
import type { Task } from '../../src/domain/task/task.js';
import { NO_GIT } from '../../src/domain/workspace/workspace.js';
import { cron } from '../../src/infrastructure/cron/croner-cron.js';
import { openTemporaryDirectory } from '../../src/infrastructure/filesystem/temporary-directory.js';
import { openMemoryStorage } from '../../src/infrastructure/memory/memory-storage.js';
import { compileExclusion } from '../../src/infrastructure/redaction/exclusion.js';
import { redactor } from '../../src/infrastructure/redaction/redactor.js';
import { agentSecrets } from '../../src/infrastructure/system/agent-secrets.js';
import { createNewId } from '../../src/infrastructure/system/ids.js';
import { countTokens } from '../../src/infrastructure/tokens/count-tokens.js';
import { createManualTime } from './manual-time.js';
import { createMemoryAttemptFiles } from './memory-attempt-files.js';
import { openScope } from './scope.js';
import { createScriptedRuntime } from './scripted-runtime.js';
import type { OpenedStorage } from './storage.js';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Profiles `shell` and `tests`, both driven by the scripted runtime. */
/** A profile that has rules for what its agents ask leave for; the scripted runtime plays it too. */
const CAREFUL: AgentProfile = {
  name: 'careful',
  protocol: 'claude',
  command: 'claude',
  budget: { taskTokens: 1_000, dailyUsd: 2 },
  permissions: {
    default: 'ask',
    timeoutMs: 60_000,
    rules: [
      { tool: 'Read', decide: 'allow' },
      { tool: 'Edit', path: 'src/*', decide: 'allow' },
      { tool: '*', path: '*.env', decide: 'deny' },
    ],
  },
};

/** Profiles each with an account of its own. */
export const OWN_ACCOUNTS: Pick<AgentProfiles, 'accountOf' | 'ofAccount'> = {
  accountOf: (name) => name,
  ofAccount: (account) => [account],
};

const PROFILES: AgentProfiles = {
  defaultName: 'shell',
  get: (name) =>
    name === 'shell' || name === 'tests'
      ? Promise.resolve({ name, protocol: 'shell' })
      : name === 'careful' || name === 'shared' || name === 'other'
        ? Promise.resolve({ ...CAREFUL, name })
        : Promise.reject(new DomainError('invalid_input', `There is no agent ${name}.`)),
  look: () => Promise.reject(new Error('not looked at')),
  list: () => Promise.resolve([]),
  accountOf: (name) => (name === 'shared' ? 'careful' : name),
  ofAccount: (account) => (account === 'careful' ? ['careful', 'shared'] : [account]),
};

/** An agent that is no process writes no file. */
const NO_AGENT_FILES: AgentFiles = { remove: () => Promise.resolve(), clear: () => Promise.resolve() };

/** And needs none. */
const NO_TOKEN_FILES: TokenFiles = {
  write: (name) => Promise.resolve(`/tokens/${name}`),
  remove: () => Promise.resolve(),
  read: (name) => Promise.resolve({ token: `token of ${name}`, path: `/tokens/${name}` }),
  clear: () => Promise.resolve(),
};

/** Workspaces without files. */
const NO_FILES: WorkspaceFiles = {
  list: () => Promise.resolve({ items: [], nextCursor: null }),
  count: () => Promise.resolve({ files: 0, directories: 1, complete: true }),
  changedSince: () => Promise.resolve({ count: 0, paths: [], complete: true }),
};

/** Nothing is looked for in memory, and nothing found. */
export const NOTHING_EXPIRED: Expired = {
  count: () => Promise.resolve({ events: 0, tasks: 0, agents: 0, toolUseTexts: { rows: 0, bytes: 0 } }),
  tasks: () => Promise.resolve([]),
  agents: () => Promise.resolve([]),
  toolUseTexts: () => Promise.resolve([]),
  runs: () => Promise.resolve({ runs: [], directories: 0, bytes: 0 }),
  removeRuns: () => Promise.resolve({ removed: [], problem: null }),
};

export interface ApplicationOptions {
  readonly pool?: Partial<PoolSettings>;
  readonly tasks?: Partial<TaskSettings>;
  readonly memory?: Partial<MemorySettings>;
  readonly owner?: string;
  readonly model?: ModelDistiller;
  /** In memory when it is left out. */
  readonly storage?: OpenedStorage;
}

/** The whole application over in-memory storage, scripted agents and a clock that the test moves. */
export function openApplication({
  pool,
  tasks,
  memory,
  owner = 'server-1',
  model,
  storage = openMemoryStorage(),
}: ApplicationOptions = {}) {
  const time = createManualTime();
  const scope = openScope('the test', time);
  const runtime = createScriptedRuntime();
  /** What the processes of every run have done; the test changes it. */
  const activity = { cpuMs: 0, processes: new Set(['1:1']) };
  const needs = {
    ...storage,
    ...time,
    owner,
    closing: scope.signal,
    random: () => 0.5,
    newId: createNewId({ clock: time.clock, random: () => 0, lastKey: 0 }),
    newRunId: (
      (n) => () =>
        `run_${String((n += 1))}`
    )(0),
    profiles: PROFILES,
    directories: { resolve: (path: string) => Promise.resolve(path) },
    cron,
    workspaceFiles: NO_FILES,
    repositories: { find: () => Promise.resolve(null), inspect: () => Promise.resolve(NO_GIT) },
    runFiles: {
      read: (_attempt: string, offset: number) => Promise.resolve({ offset, end: offset, text: '' }),
      locate: (attempt: string) => Promise.resolve(`/runs/${attempt}/output.log`),
      grown: () => new Promise<void>(() => {}),
    },
    redactor,
    isExcluded: compileExclusion(['**/.env*', 'tool:secret_*']),
    countTokens: (texts: readonly string[]) => Promise.resolve(countTokens({ texts })),
    memorySearch: {
      search: () => Promise.resolve({ hits: [], next: null, terms: [], usesVectors: false }),
      timeline: () => Promise.resolve([]),
    },
    findRemembered: () => Promise.reject(new DomainError('unavailable', 'Nothing is looked for here.')),
    memoryFile: {
      write: () => Promise.reject(new DomainError('unavailable', 'There is no file.')),
      check: () => Promise.reject(new DomainError('unavailable', 'There is no file.')),
      read: () => Promise.reject(new DomainError('unavailable', 'There is no file.')),
    },
    claudeMem: { open: () => Promise.reject(new DomainError('unavailable', 'There is no file.')) },
    compactStorage: () => Promise.reject(new DomainError('unavailable', 'There is no file.')),
    logger: SILENT,
    settings: {
      memory: { enabled: true, contextTokens: 2_000, home: '/home/me/.codewalkers', ...memory },
      pool: { min: 0, max: 2, idleTimeoutMs: 60_000, maxPerWorkspace: 2, ...pool },
      tasks: {
        maxAttempts: 3,
        backoffMs: 1_000,
        backoffMaxMs: 300_000,
        timeoutMs: 3_600_000,
        maxPending: 1_000,
        ...tasks,
      },
    },
    model: model ?? null,
    distillerPlace: {
      open: () => Promise.resolve('/distiller'),
      left: () => Promise.resolve(null),
      clear: () => Promise.resolve(),
    },
    runtimes: { shell: runtime, claude: runtime },
    leaveAgents: () => undefined,
    attemptFiles: createMemoryAttemptFiles(),
    embedder: null,
    takeBackup: () => Promise.reject(new DomainError('unavailable', 'Memory cannot be backed up.')),
    expired: NOTHING_EXPIRED,
    retention: { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 2_048 },
    stopwatch: { elapsed: () => time.clock() },
    sweepRuns: () => Promise.resolve({ ended: 0, left: 0 }),
    lookAtRun: () => Promise.resolve({ ...activity }),
    grants: createGrants(agentSecrets),
    tokenFiles: NO_TOKEN_FILES,
    agentFiles: NO_AGENT_FILES,
    openTemporaryDirectory,
    openProbeStage: () => Promise.reject(new Error('not probed')),
  };
  const app = createApplication(needs);
  const start = () => {
    startScheduler({ ...needs, ...app }, scope);
    stopEndedAttempts(needs, app.runner, scope.signal).catch(() => {});
  };

  /** Resolves with the task once it is in this state. */
  async function until(taskId: TaskId, status: Task['status']): Promise<Task> {
    const stop = new AbortController();
    try {
      for await (const { task } of app.watchTask({ taskId }, stop.signal)) if (task.status === status) return task;
    } finally {
      stop.abort();
    }
    throw new Error(`${taskId} finished without ever being ${status}.`);
  }

  const enqueue = (prompt: string, more: object = {}) => app.enqueueTask({ prompt, workspace: '/work', ...more });

  return {
    app,
    ...storage,
    time,
    runtime,
    activity,
    scope,
    start,
    until,
    enqueue,
    needs,
    [Symbol.asyncDispose]: async () => {
      await scope.close();
      await app.runner.close();
      await app.pool.close();
    },
  };
}
