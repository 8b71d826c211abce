import { z } from 'zod';
import { AgentId, PermissionId, SessionId, TaskId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { ProfileName } from '../task/task.js';

/** Longest title of a permission, in UTF-16 code units: a few lines of a terminal. */
export const MAX_PERMISSION_TITLE = 500;

/** A tool that an agent asks leave to use. `requestId` is how the agent names its request. */
const Asked = z.object({
  id: PermissionId,
  taskId: TaskId,
  sessionId: SessionId,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  profile: ProfileName,
  requestId: z.string(),
  toolUseId: z.string().nullable(),
  tool: z.string(),
  /** JSON, without secrets, cut like the input of a tool use. */
  input: z.string(),
  title: z.string(),
  askedAt: Timestamp,
});

const NotDecided = { by: z.null(), reason: z.null(), always: z.literal(false), decidedAt: z.null() };

export const WaitingPermission = Asked.extend({ status: z.literal('waiting'), ...NotDecided });
export type WaitingPermission = z.infer<typeof WaitingPermission>;

/** `by` a rule of the profile, a person, or an earlier answer; `reason` says which, or what the person said. */
const Decided = Asked.extend({
  by: z.enum(['rule', 'person', 'earlier']),
  reason: z.string(),
  always: z.boolean(),
  decidedAt: Timestamp,
});
export const AllowedPermission = Decided.extend({ status: z.literal('allowed') });
export type AllowedPermission = z.infer<typeof AllowedPermission>;
export const DeniedPermission = Decided.extend({ status: z.literal('denied') });
export type DeniedPermission = z.infer<typeof DeniedPermission>;

/** Nobody needs an answer any more: the task is over, or the agent went on without. */
export const WithdrawnPermission = Asked.extend({
  status: z.literal('withdrawn'),
  ...NotDecided,
  decidedAt: Timestamp,
});
export type WithdrawnPermission = z.infer<typeof WithdrawnPermission>;

/**
 * What an agent asked leave for, and what became of it. It is answered once.
 *
 * ```
 *  waiting ──▶ allowed | denied
 *      └─────▶ withdrawn
 * ```
 */
export const Permission = z.discriminatedUnion('status', [
  WaitingPermission,
  AllowedPermission,
  DeniedPermission,
  WithdrawnPermission,
]);
export type Permission = z.infer<typeof Permission>;

export const PermissionStatus = z.enum(['waiting', 'allowed', 'denied', 'withdrawn']);
export type PermissionStatus = z.infer<typeof PermissionStatus>;
