import type { z } from 'zod';
import type { ListenerCounts } from '../http/close-server.js';
import type { SystemStatus } from '../trpc/server-status.js';

/** All that metrics are read from: what `cw status --json` prints, and what the listeners have counted. */
export interface Reading {
  readonly status: z.infer<typeof SystemStatus>;
  readonly listeners: readonly ListenerCounts[];
  /** Requests at the start gate. */
  readonly waiting: number;
  /** Hooks whose event nobody here knows, by its name. */
  readonly unknownHooks: ReadonlyMap<string, number>;
  /** Of the process since its start, in microseconds. */
  readonly cpu: { readonly user: number; readonly system: number };
}

/** A value with the labels that tell it from others of the same name. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels?: readonly string[];
  /** None where there is nothing to tell: a service that has not started has no start time. */
  readonly samples: (reading: Reading) => readonly Sample[];
}
