import { z } from 'zod';
import { SessionId, TaskId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { ProfileName } from '../task/task.js';

/**
 * `source` says whose conversation it is: `cw` for a task's, else the kind of agent that the user started. Together with
 * the agent's own id for it (`providerSessionId`) it is unique; our id never changes.
 */
const Held = z.object({
  id: SessionId,
  source: z.string().min(1),
  providerSessionId: z.string().nullable(),
  agent: ProfileName,
  workspaceId: WorkspaceId,
  taskId: TaskId.nullable(),
  title: z.string(),
  prompts: z.int().nonnegative(),
  /** The directory that the agent was started in, which may lie below the workspace's. */
  cwd: z.string().nullable(),
  /** Where the agent writes its own record of the conversation. */
  transcriptPath: z.string().nullable(),
  agentVersion: z.string().nullable(),
  startedAt: Timestamp,
});

const Open = Held.extend({ endedAt: z.null(), reason: z.null() });
const Ended = Held.extend({ endedAt: Timestamp });

export const ActiveSession = Open.extend({ status: z.literal('active') });
export type ActiveSession = z.infer<typeof ActiveSession>;
export const PausedSession = Open.extend({ status: z.literal('paused') });
export type PausedSession = z.infer<typeof PausedSession>;
export const ClosedSession = Ended.extend({ status: z.literal('closed'), reason: z.null() });
export type ClosedSession = z.infer<typeof ClosedSession>;
export const FailedSession = Ended.extend({ status: z.literal('failed'), reason: z.string() });
export type FailedSession = z.infer<typeof FailedSession>;

/**
 * One conversation of an agent in a workspace.
 *
 * ```
 *  active ◀──pause/resume──▶ paused
 *     └──────────┬──────────────┘
 *                ├─ close ─▶ closed ──prompt or resume──▶ active
 *                └─ fail ──▶ failed ──prompt or resume──▶ active
 * ```
 */
export const Session = z.discriminatedUnion('status', [ActiveSession, PausedSession, ClosedSession, FailedSession]);
export type Session = z.infer<typeof Session>;

export const SessionStatus = z.enum(['active', 'paused', 'closed', 'failed']);
export type SessionStatus = z.infer<typeof SessionStatus>;
