import { z } from 'zod';
import type { DeadLetter } from '../../domain/distil/dead-letter.js';
import { forgetObservation } from '../../domain/observation/observation.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';

/** So many dead letters are taken up in one transaction. */
const STEP = 20;

/** The dead letters of one session, or of all. */
export const Requeue = z.strictObject({ sessionId: SessionId.optional() });
export type Requeue = z.infer<typeof Requeue>;

export const Requeued = z.object({ stretches: z.int().nonnegative(), toolUses: z.int().nonnegative() });
export type Requeued = z.infer<typeof Requeued>;

/**
 * Has the model try again what it failed on: the tool uses wait once more, and what rules made of them goes, except for
 * what was pinned. Throws `invalid_input` without a model: rules would only make the same again.
 */
export function createRequeue({
  transaction,
  read,
  clock,
  hasModel,
  takeUp,
}: Pick<Dependencies, 'transaction' | 'read' | 'clock'> & {
  readonly hasModel: boolean;
  /** Is told of each session of which something waits again. */
  readonly takeUp: (sessionId: SessionId) => void;
}) {
  return async ({ sessionId }: Requeue): Promise<Requeued> => {
    if (!hasModel) {
      const message = 'No model distils; name one with memory.distiller in config.json, and start the server anew.';
      throw new DomainError('invalid_input', message);
    }
    if (sessionId !== undefined) await read(({ sessions }) => sessions.get(sessionId));
    const total = { stretches: 0, toolUses: 0 };
    const concerned = new Set<SessionId>();
    // The model may fail again meanwhile: only what is there now is taken up.
    for (let left = await read(({ ledger }) => ledger.countDeadLetters()); left > 0; left -= STEP) {
      const letters = await transaction(async (stores) => {
        const found = await stores.ledger.deadLetters(sessionId ?? null, STEP);
        for (const letter of found) total.toolUses += await letWait(stores, letter, clock());
        return found;
      });
      if (letters.length === 0) break;
      total.stretches += letters.length;
      for (const letter of letters) concerned.add(letter.sessionId);
    }
    for (const one of concerned) takeUp(one);
    return total;
  };
}

/** How many tool uses wait again: what was forgotten meanwhile does not. */
async function letWait(
  { ledger, observations, toolUses, events }: Stores,
  letter: DeadLetter,
  now: number,
): Promise<number> {
  const { sessionId } = letter;
  const kept = new Set<string>();
  const found = await observations.getMany(letter.observationIds);
  for (const observation of found) {
    if (observation.status !== 'kept') continue;
    if (observation.pinned) {
      for (const id of observation.toolUses) kept.add(id);
      continue;
    }
    const { state, events: facts } = forgetObservation(observation, now);
    await observations.save(state);
    await events.forget([state.id]);
    await events.append(facts);
  }
  const there = await toolUses.getMany(sessionId, letter.toolUseIds);
  const again = there.filter(({ toolUseId, input }) => input !== '' && !kept.has(toolUseId));
  await toolUses.requeue(
    sessionId,
    again.map(({ toolUseId }) => toolUseId),
  );
  await ledger.removeDeadLetter(letter);
  return again.length;
}
