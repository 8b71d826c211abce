import { DomainError } from '../../domain/shared/domain-error.js';
import type { PermissionId, SessionId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { TaskError } from '../../domain/task/task.js';

/** Why an attempt is cut short: its task was cancelled, it is to be tried again, or it waits for a person's answer. */
export type CutShort =
  | { readonly as: 'cancelled' }
  | { readonly as: 'interrupted'; readonly reason: string }
  | { readonly as: 'parked'; readonly permissionId: PermissionId }
  | { readonly as: 'paused'; readonly sessionId: SessionId }
  | { readonly as: 'failed'; readonly error: TaskError };

export const AGENT_STOPPED: CutShort = { as: 'interrupted', reason: 'Its agent was stopped.' };
export const SERVER_STOPPED: CutShort = { as: 'interrupted', reason: 'The server was stopped.' };

/** What a task is told whose agent could not be started. */
export function startError(error: unknown): TaskError {
  if (error instanceof DomainError) return { code: 'usage', message: error.message };
  return {
    code: 'failed',
    message: `The agent could not be started: ${messageOf(error)}`,
  };
}
