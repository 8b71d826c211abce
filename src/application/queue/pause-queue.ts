import { setPaused } from '../../domain/task/queue.js';
import type { Dependencies } from '../dependencies.js';

/** Stops or goes on handing out tasks; running ones are left alone. The choice outlives the server. */
export function createPauseQueue({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (paused: boolean): Promise<{ paused: boolean }> =>
    transaction(async ({ queue, events }) => {
      const { state, events: facts } = setPaused(await queue.get(), paused, clock());
      await queue.save(state);
      await events.append(facts);
      return { paused: state.paused };
    });
}
