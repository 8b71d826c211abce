import type { AllowedPermission, DeniedPermission } from '../../../domain/permission/permission.js';
import { DEFAULT_POLICY, type PermissionPolicy } from '../../../domain/permission/permission-policy.js';
import type { PermissionId, SessionId } from '../../../domain/shared/id.js';
import type { ProcessingTask } from '../../../domain/task/task.js';
import type { createAskPermission } from '../../permission/ask-permission.js';
import type { createGetPermission } from '../../permission/list-permissions.js';
import type { PermissionDesk } from '../../permission/permission-desk.js';
import type { AgentProfiles } from '../../ports/agent-profiles.js';
import type { PermissionAnswer } from '../../ports/agent-runtime.js';
import type { PermissionRequest } from '../../ports/agent-update.js';
import type { Logger } from '../../ports/logger.js';
import type { Timer } from '../../ports/timer.js';

export interface TurnPermissionsNeeds {
  readonly askPermission: ReturnType<typeof createAskPermission>;
  readonly getPermission: ReturnType<typeof createGetPermission>;
  readonly desk: PermissionDesk;
  readonly profiles: Pick<AgentProfiles, 'get'>;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** How a turn hears of the answers to what its agent asked. */
export interface TurnCallbacks {
  /** Hands an answer to the agent. */
  readonly answer: (requestId: string, answer: PermissionAnswer) => Promise<void>;
  /** Nobody has answered in time. */
  readonly unanswered: (id: PermissionId) => void;
}

/** What the agent of one turn asks leave for. */
export interface TurnPermissions extends Disposable {
  /** Whether anything was asked in this turn. */
  readonly hasAsked: boolean;
  /** Whether the agent waits for an answer of a person. */
  readonly isWaiting: () => boolean;
  ask(request: PermissionRequest): Promise<void>;
  /** The agent does not need the answer any more. */
  over(requestId: string): void;
}

/** Asks in the name of one turn's agent, waits for answers, and gives up when the profile's time for them is over. */
export function createOpenTurnPermissions(needs: TurnPermissionsNeeds) {
  const { askPermission, getPermission, desk, profiles, timer, logger } = needs;
  return (task: ProcessingTask, sessionId: SessionId, { answer, unanswered }: TurnCallbacks): TurnPermissions => {
    const waits = new Map<string, () => void>();
    let policy: PermissionPolicy | undefined;

    function tell({ requestId, ...permission }: AllowedPermission | DeniedPermission): void {
      answer(requestId, answerOf(permission)).catch((error: unknown) => {
        logger.warn('an answer did not reach its agent', { taskId: task.id, requestId, error });
      });
    }

    function end(requestId: string): void {
      waits.get(requestId)?.();
      waits.delete(requestId);
    }

    async function policyOfProfile(): Promise<PermissionPolicy> {
      const profile = await profiles.get(task.agent);
      const { permissions = DEFAULT_POLICY } = 'permissions' in profile ? profile : {};
      return permissions;
    }

    let hasAsked = false;
    return {
      get hasAsked() {
        return hasAsked;
      },
      isWaiting: () => waits.size > 0,
      async ask(request) {
        hasAsked = true;
        policy ??= await policyOfProfile();
        const { requestId } = request;
        const permission = await askPermission({ task, sessionId, policy, request });
        if (permission.status === 'allowed' || permission.status === 'denied') tell(permission);
        if (permission.status !== 'waiting') return;
        end(requestId);
        const stopWaiting = desk.wait(permission.id, (answered) => {
          end(requestId);
          tell(answered);
        });
        const callOff = timer(policy.timeoutMs, () => {
          end(requestId);
          unanswered(permission.id);
        });
        const stop = () => {
          callOff();
          stopWaiting();
        };
        waits.set(requestId, stop);
        // What is asked again can be answered before anybody waits here: both may even be in one commit.
        const now = await getPermission({ permissionId: permission.id });
        if ((now.status !== 'allowed' && now.status !== 'denied') || waits.get(requestId) !== stop) return;
        end(requestId);
        tell(now);
      },
      over: end,
      [Symbol.dispose]() {
        for (const requestId of [...waits.keys()]) end(requestId);
      },
    };
  };
}

function answerOf({
  status,
  by,
  reason,
  always,
}: Pick<AllowedPermission | DeniedPermission, 'status' | 'by' | 'reason' | 'always'>): PermissionAnswer {
  if (status === 'allowed') return { behavior: 'allow', always };
  return { behavior: 'deny', message: `${by === 'person' ? 'The user said no' : 'It is not allowed'}: ${reason}` };
}
