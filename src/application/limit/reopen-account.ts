import { z } from 'zod';
import { reopenGate } from '../../domain/limit/limit-gate-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { ProfileName } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';

/** `account` may also be the name of a profile, and means the account of that. */
export const ReopenAccount = z.strictObject({ account: ProfileName });
export type ReopenAccount = z.infer<typeof ReopenAccount>;

/** Opens an account that has reached a limit, at once and for all its tasks. Throws `not_found` for one that is open. */
export function createReopenAccount({
  transaction,
  clock,
  profiles,
}: Pick<Dependencies, 'transaction' | 'clock' | 'profiles'>) {
  return ({ account: name }: ReopenAccount): Promise<{ account: string }> =>
    transaction(async ({ limits, events }) => {
      const gate = (await limits.find(name)) ?? (await limits.find(profiles.accountOf(name)));
      if (gate === undefined)
        throw new DomainError('not_found', `The account ${name} has reached no limit: it is open.`);
      const { account } = gate;
      await limits.remove(account);
      await events.append(reopenGate(gate, 'request', clock()).events);
      return { account };
    });
}
