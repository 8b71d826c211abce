import { z } from 'zod';
import { AgentId, TaskId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { ProfileName } from '../task/task.js';
import { Protocol } from './agent-profile.js';

/** What a stop did: how many processes it ended, and how many it could not. */
export const StopReceipt = z.object({ ended: z.int().nonnegative(), left: z.int().nonnegative() });
export type StopReceipt = z.infer<typeof StopReceipt>;

/** `runId` marks every process of the agent in its environment (CW_RUN_ID); `owner` is the server that runs it. */
const Started = z.object({
  id: AgentId,
  profile: ProfileName,
  protocol: Protocol,
  runId: z.string(),
  owner: z.string(),
  startedAt: Timestamp,
});

const Live = Started.extend({ stoppedAt: z.null(), receipt: z.null(), reason: z.null() });
const Ended = Started.extend({ taskId: z.null(), stoppedAt: Timestamp, receipt: StopReceipt });

export const StartingAgent = Live.extend({ status: z.literal('starting'), taskId: z.null() });
export type StartingAgent = z.infer<typeof StartingAgent>;
export const IdleAgent = Live.extend({ status: z.literal('idle'), taskId: z.null() });
export type IdleAgent = z.infer<typeof IdleAgent>;
export const BusyAgent = Live.extend({ status: z.literal('busy'), taskId: TaskId });
export type BusyAgent = z.infer<typeof BusyAgent>;
export const StoppingAgent = Live.extend({ status: z.literal('stopping'), taskId: TaskId.nullable() });
export type StoppingAgent = z.infer<typeof StoppingAgent>;
export const StoppedAgent = Ended.extend({ status: z.literal('stopped'), reason: z.null() });
export type StoppedAgent = z.infer<typeof StoppedAgent>;
export const CrashedAgent = Ended.extend({ status: z.literal('crashed'), reason: z.string() });
export type CrashedAgent = z.infer<typeof CrashedAgent>;

/**
 * One agent of the pool.
 *
 * ```
 *  starting ──▶ idle ◀──▶ busy
 *      └──────────┴─────────┴──stop──▶ stopping ──▶ stopped
 *      any of the four ──▶ crashed
 * ```
 */
export const Agent = z.discriminatedUnion('status', [
  StartingAgent,
  IdleAgent,
  BusyAgent,
  StoppingAgent,
  StoppedAgent,
  CrashedAgent,
]);
export type Agent = z.infer<typeof Agent>;

export const AgentStatus = z.enum(['starting', 'idle', 'busy', 'stopping', 'stopped', 'crashed']);
export type AgentStatus = z.infer<typeof AgentStatus>;
