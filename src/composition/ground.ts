import type { Grants } from '../application/agent/grants.js';
import type { Config } from '../config.js';
import type { Environment } from '../environment.js';
import type { HomePaths } from '../home/home-paths.js';
import type { LoopWatch } from '../infrastructure/event-loop/loop-watch.js';
import type { ServerLog } from '../infrastructure/log/server-log.js';

/** What is there before any service: the data directory is ours, and there is a log to write to. */
export interface Ground {
  readonly environment: Environment;
  readonly paths: HomePaths;
  readonly config: Config;
  readonly log: ServerLog;
  /** Is told what the main thread works on, and says how late it is. */
  readonly loop: LoopWatch;
  /** What the tokens of this server's agents reach. */
  readonly grants: Grants;
  readonly version: string;
  /** Names this run of the server. */
  readonly instanceId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal;
}
