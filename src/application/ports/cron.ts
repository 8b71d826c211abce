import type { Occurrences } from '../../domain/schedule/occurrences.js';

/** A cron expression that can be read, and the time zone by whose clock it is meant. */
export interface CronSpec {
  readonly cron: string;
  readonly timeZone: string;
}

/** Reads cron expressions and knows the time zones of the world. */
export interface Cron {
  /** Checks what a user wrote; without a time zone it is this machine's. Throws `invalid_input`. */
  read(cron: string, timeZone: string | undefined): CronSpec;
  /** When it comes up. Throws `invalid_input` for one that this machine does not know (any more). */
  occurrences(spec: CronSpec): Occurrences;
}
