import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import type { PermissionId, SessionId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type {
  AllowedPermission,
  DeniedPermission,
  Permission,
  WaitingPermission,
  WithdrawnPermission,
} from './permission.js';

export interface PermissionEvent {
  type: 'permission.asked' | 'permission.decided';
  at: Timestamp;
  taskId: TaskId;
  sessionId: SessionId;
  data: { permissionId: PermissionId; tool: string; title: string; status: Permission['status'] };
}

/** How a permission is decided, and by whom. */
export interface Decision {
  readonly status: 'allowed' | 'denied';
  readonly by: AllowedPermission['by'];
  readonly reason: string;
  /** The answer holds for every later use of this tool in this workspace by this profile. */
  readonly always: boolean;
}

/** What is known of a permission when it is asked for. */
export type PermissionRequest = Omit<
  WaitingPermission,
  'status' | 'askedAt' | 'by' | 'reason' | 'always' | 'decidedAt'
>;

export function askPermission(request: PermissionRequest, now: Timestamp): Change<WaitingPermission, PermissionEvent> {
  const state: WaitingPermission = {
    ...request,
    status: 'waiting',
    askedAt: now,
    by: null,
    reason: null,
    always: false,
    decidedAt: null,
  };
  return { state, events: [event('permission.asked', state, now)] };
}

export function decidePermission(
  permission: Permission,
  decision: Decision,
  now: Timestamp,
): Change<AllowedPermission | DeniedPermission, PermissionEvent> {
  if (permission.status !== 'waiting') throw notWaiting(permission);
  const state: AllowedPermission | DeniedPermission = { ...permission, ...decision, decidedAt: now };
  return { state, events: [event('permission.decided', state, now)] };
}

/** The agent asks for the same again, as one that was started anew does. */
export function askAgain(
  permission: WaitingPermission,
  asked: Pick<WaitingPermission, 'agentId' | 'requestId' | 'toolUseId'>,
): WaitingPermission {
  return { ...permission, ...asked };
}

export function withdrawPermission(
  permission: Permission,
  now: Timestamp,
): Change<WithdrawnPermission, PermissionEvent> {
  if (permission.status !== 'waiting') throw notWaiting(permission);
  const state: WithdrawnPermission = { ...permission, status: 'withdrawn', decidedAt: now };
  return { state, events: [event('permission.decided', state, now)] };
}

function event(type: PermissionEvent['type'], permission: Permission, at: Timestamp): PermissionEvent {
  const { id: permissionId, taskId, sessionId, tool, title, status } = permission;
  return { type, at, taskId, sessionId, data: { permissionId, tool, title, status } };
}

function notWaiting({ id, status }: Permission): DomainError {
  return new DomainError('invalid_transition', `Cannot answer ${id}: it is ${status} already.`);
}
