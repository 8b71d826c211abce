import type { EventLog } from '../domain/event/event-log.js';
import type { MemorySettings, PoolSettings, TaskSettings } from './limits.js';
import type { AgentProfiles } from './ports/agent-profiles.js';
import type { ClaudeMem } from './ports/claude-mem.js';
import type { Clock } from './ports/clock.js';
import type { CompactStorage } from './ports/compact-storage.js';
import type { Cron } from './ports/cron.js';
import type { Directories } from './ports/directories.js';
import type { FindRemembered } from './ports/find-remembered.js';
import type { NewId } from './ports/ids.js';
import type { IsExcluded } from './ports/is-excluded.js';
import type { Logger } from './ports/logger.js';
import type { MemoryFile } from './ports/memory-file.js';
import type { MemorySearch } from './ports/memory-search.js';
import type { Random } from './ports/random.js';
import type { Redactor } from './ports/redactor.js';
import type { Repositories } from './ports/repositories.js';
import type { RunFiles } from './ports/run-files.js';
import type { CountTokens } from './ports/token-counter.js';
import type { Read, Transaction } from './ports/transaction.js';
import type { WorkspaceFiles } from './ports/workspace-files.js';

/** All that use cases may need from outside; each takes its part. */
export interface Dependencies {
  readonly transaction: Transaction;
  readonly read: Read;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly profiles: AgentProfiles;
  readonly directories: Directories;
  readonly cron: Cron;
  readonly repositories: Repositories;
  readonly runFiles: RunFiles;
  readonly workspaceFiles: WorkspaceFiles;
  readonly redactor: Redactor;
  readonly isExcluded: IsExcluded;
  readonly countTokens: CountTokens;
  readonly memorySearch: MemorySearch;
  readonly findRemembered: FindRemembered;
  readonly compactStorage: CompactStorage;
  readonly memoryFile: MemoryFile;
  readonly claudeMem: ClaudeMem;
  readonly logger: Logger;
  readonly settings: { readonly tasks: TaskSettings; readonly pool: PoolSettings; readonly memory: MemorySettings };
}
