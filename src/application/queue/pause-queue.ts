import { z } from 'zod';
import { setPartPaused, unlimited } from '../../domain/queue-limit/queue-limit.js';
import { setPaused } from '../../domain/task/queue.js';
import type { Dependencies } from '../dependencies.js';
import { countNamed, createNamePart, keepLimit, NAMED_PART, type NamedPart } from './name-part.js';

/** The part of the queue that is meant; all of it when none is named. */
export const PauseQueue = z
  .strictObject(NAMED_PART)
  .refine((named) => countNamed(named) <= 1, 'Name one part of the queue: agent, workspace or group.');
export type PauseQueue = z.infer<typeof PauseQueue>;

/** Stops or goes on handing out tasks, all or those of a part; running ones are left alone. The choice outlives the server. */
export function createPauseQueue(
  needs: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'profiles' | 'directories' | 'newId'>,
) {
  const { transaction, clock } = needs;
  const namePart = createNamePart(needs);

  const pauseAll = (paused: boolean) =>
    transaction(async ({ queue, events }) => {
      const { state, events: facts } = setPaused(await queue.get(), paused, clock());
      await queue.save(state);
      await events.append(facts);
      return { paused: state.paused };
    });

  async function pausePart(paused: boolean, named: NamedPart): Promise<{ paused: boolean }> {
    const partIn = await namePart(named);
    return transaction(async (stores) => {
      const part = await partIn(stores, clock());
      const known = (await stores.queueLimits.find(part)) ?? unlimited(part);
      return { paused: (await keepLimit(stores, setPartPaused(known, paused, clock()))).paused };
    });
  }

  return (paused: boolean, named: PauseQueue = {}): Promise<{ paused: boolean }> =>
    countNamed(named) === 0 ? pauseAll(paused) : pausePart(paused, named);
}
