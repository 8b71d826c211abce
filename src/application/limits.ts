import type { RetryRules } from '../domain/task/retry-rules.js';

/** Numbers of `config.json` that use cases need. Durations are milliseconds. */
export interface TaskSettings {
  readonly maxAttempts: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Comes before the two above. */
  readonly retry?: RetryRules | undefined;
  readonly timeoutMs: number;
  readonly maxPending: number;
  /** How long a task is ready until it counts as one grade of priority more. Left out: priority alone decides. */
  readonly agingMs?: number | undefined;
}

export interface PoolSettings {
  readonly min: number;
  readonly max: number;
  readonly idleTimeoutMs: number;
  readonly maxPerWorkspace: number;
}

/** How long, or how much, is kept of what has ended its time. */
export interface RetentionSettings {
  readonly eventsDays: number | 'forever';
  readonly finishedTasksDays: number | 'forever';
  /** What tool uses were given and gave back, counted from when they were distilled. */
  readonly toolUseTextDays: number | 'forever';
  /** Output of all attempts together, in megabytes of 1,000,000 bytes. */
  readonly runOutputMb: number | 'forever';
}

export interface MemorySettings {
  /** Whether anything is captured. */
  readonly enabled: boolean;
  /** Most tokens that a session is handed at its start; 0 for none. */
  readonly contextTokens: number;
  /** Absolute path of the data directory, in which nothing is captured. */
  readonly home: string;
}
