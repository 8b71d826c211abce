import type { AllowedPermission, DeniedPermission } from '../../domain/permission/permission.js';
import type { PermissionId } from '../../domain/shared/id.js';

type Answered = AllowedPermission | DeniedPermission;

/** Where running agents wait for a person's answers. What is asked and answered stands in the storage. */
export interface PermissionDesk {
  /** Calls back once, with the answer to this permission. Returns what stops the wait. */
  wait(id: PermissionId, onAnswer: (permission: Answered) => void): () => void;
  /** Hands an answer, once it is committed, to the agent that waits for it. */
  answered(permission: Answered): void;
}

export function createPermissionDesk(): PermissionDesk {
  const waiting = new Map<PermissionId, (permission: Answered) => void>();
  return {
    wait(id, onAnswer) {
      waiting.set(id, onAnswer);
      return () => {
        if (waiting.get(id) === onAnswer) waiting.delete(id);
      };
    },
    answered(permission) {
      const onAnswer = waiting.get(permission.id);
      waiting.delete(permission.id);
      onAnswer?.(permission);
    },
  };
}
