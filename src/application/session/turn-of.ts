import { isPrivate } from '../../domain/session/prompt.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Stores } from '../ports/transaction.js';

/** What is known of the turn that something belongs to. `number` is that of its prompt. */
export interface KnownTurn {
  readonly turn: string | null;
  readonly isPrivate: boolean;
  readonly number: number | null;
}

/** A turn by its name; without one, that which had been begun last at that time. */
export async function turnOf(
  { prompts }: Stores,
  sessionId: SessionId,
  named: string | null,
  at: Timestamp,
): Promise<KnownTurn> {
  const asked =
    named === null
      ? await prompts.lastAsked(sessionId, at)
      : ((await prompts.findByTurn(sessionId, named, 'user')) ??
        (await prompts.findByTurn(sessionId, named, 'system')));
  return {
    turn: named ?? asked?.turn ?? null,
    isPrivate: asked !== undefined && isPrivate(asked),
    number: asked?.number ?? null,
  };
}
