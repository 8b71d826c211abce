import { z } from 'zod';
import { LimitKind } from '../../domain/limit/limit-gate.js';
import { isClosed } from '../../domain/limit/limit-gate-transitions.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { ProfileName } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';

/**
 * An account that has reached a limit, and the profiles whose tasks wait for it. `trial`: its time is over, and one task
 * at a time tries it until one gets through.
 */
export const AccountLimit = z.object({
  account: ProfileName,
  profiles: z.array(ProfileName),
  state: z.enum(['closed', 'trial']),
  kind: LimitKind,
  since: Timestamp,
  until: Timestamp,
  reason: z.string(),
});
export type AccountLimit = z.infer<typeof AccountLimit>;

/** The accounts that are not open, by name. */
export function createListLimits({ read, clock, profiles }: Pick<Dependencies, 'read' | 'clock' | 'profiles'>) {
  return (): Promise<AccountLimit[]> =>
    read(async ({ limits }) =>
      (await limits.all()).map((gate) => {
        const { account, kind, since, closedUntil: until, reason } = gate;
        const state = isClosed(gate, clock()) ? 'closed' : 'trial';
        return { account, profiles: [...profiles.ofAccount(account)], state, kind, since, until, reason };
      }),
    );
}
