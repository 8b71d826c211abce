import { z } from 'zod';
import { Bounds, changeBounds, unlimited } from '../../domain/queue-limit/queue-limit.js';
import type { Dependencies } from '../dependencies.js';
import { type LimitedPart, viewLimits } from './list-queue-limits.js';
import { countNamed, createNamePart, keepLimit, NAMED_PART } from './name-part.js';

/** What changes of a part's limit: what is left out stays, null takes a bound away, and `clear` all of them. */
export const LimitQueue = z
  .strictObject({ ...NAMED_PART, ...Bounds.partial().shape, clear: z.literal(true).optional() })
  .refine((command) => countNamed(command) === 1, 'Name one part of the queue: agent, workspace or group.')
  .refine(({ group, exclusive }) => group !== undefined || exclusive !== true, 'Only a group can be exclusive.')
  .refine(
    ({ clear, ...bounds }) => (clear === true) !== Object.values(boundsOf(bounds)).length > 0,
    'Say what the limit is, by max, rate or exclusive, or that it is cleared.',
  );
export type LimitQueue = z.infer<typeof LimitQueue>;

/**
 * Limits a part of the queue, at once and for good. Running tasks are left alone, also where there are more of them than
 * may be.
 */
export function createLimitQueue(
  needs: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'profiles' | 'directories' | 'newId'>,
) {
  const { transaction, clock } = needs;
  const namePart = createNamePart(needs);
  return async (command: LimitQueue): Promise<LimitedPart> => {
    const partIn = await namePart(command);
    const limit = await transaction(async (stores) => {
      const part = await partIn(stores, clock());
      const known = (await stores.queueLimits.find(part)) ?? unlimited(part);
      return keepLimit(stores, changeBounds(known, command.clear === true ? null : boundsOf(command), clock()));
    });
    const [view] = await needs.read((stores) => viewLimits(stores, [limit], clock()));
    if (view === undefined) throw new Error('One limit gave no view.');
    return view;
  };
}

/** Those that are given. */
function boundsOf({
  max,
  rate,
  exclusive,
}: Partial<{ [Key in keyof Bounds]: Bounds[Key] | undefined }>): Partial<Bounds> {
  return {
    ...(max === undefined ? {} : { max }),
    ...(rate === undefined ? {} : { rate }),
    ...(exclusive === undefined ? {} : { exclusive }),
  };
}
