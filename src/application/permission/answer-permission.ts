import { z } from 'zod';
import type { AllowedPermission, DeniedPermission } from '../../domain/permission/permission.js';
import { decidePermission } from '../../domain/permission/permission-transitions.js';
import { PermissionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { unparkIn } from '../task/park-task.js';
import type { PermissionDesk } from './permission-desk.js';

/** `always`: the answer holds for every later use of the tool by agents of this profile in this workspace. */
export const AnswerPermission = z.strictObject({
  permissionId: PermissionId,
  answer: z.enum(['allow', 'deny']),
  always: z.boolean().default(false),
  /** Told to the agent, with a denial. */
  message: z.string().min(1).max(1_000).optional(),
});
export type AnswerPermission = z.infer<typeof AnswerPermission>;

/** Takes a person's answer, once. Throws `invalid_transition` for what does not wait for one any more. */
export function createAnswerPermission({
  transaction,
  clock,
  desk,
}: Pick<Dependencies, 'transaction' | 'clock'> & { readonly desk: PermissionDesk }) {
  return async ({
    permissionId,
    answer,
    always,
    message,
  }: AnswerPermission): Promise<AllowedPermission | DeniedPermission> => {
    const status = answer === 'allow' ? 'allowed' : 'denied';
    const permission = await transaction(async (stores) => {
      const now = clock();
      const decision = { status, by: 'person', reason: message ?? status, always } as const;
      const { state, events } = decidePermission(await stores.permissions.get(permissionId), decision, now);
      await stores.permissions.save(state);
      await stores.events.append(events);
      await unparkIn(stores, state.taskId, now);
      return state;
    });
    desk.answered(permission);
    return permission;
  };
}
