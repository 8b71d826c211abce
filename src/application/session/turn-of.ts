import { isPrivate, type Prompt } from '../../domain/session/prompt.js';
import type { Session } from '../../domain/session/session.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Stores } from '../ports/transaction.js';

/** What is known of the turn that something belongs to. `number` is that of its prompt. */
export interface KnownTurn {
  readonly turn: string | null;
  readonly isPrivate: boolean;
  readonly number: number | null;
}

/**
 * A turn by its name; without one, that which had been begun last at that time. An agent's own name of a turn that a task
 * began is known to nobody: in a conversation of a task a name that is not known counts as none.
 */
export async function turnOf(
  { prompts }: Stores,
  { id: sessionId, taskId }: Pick<Session, 'id' | 'taskId'>,
  named: string | null,
  at: Timestamp,
): Promise<KnownTurn> {
  const byName = named === null ? undefined : await findNamed(named);
  const isUnnamed = named === null || (taskId !== null && byName === undefined);
  const asked = isUnnamed ? await prompts.lastAsked(sessionId, at) : byName;
  return {
    turn: isUnnamed ? (asked?.turn ?? named) : named,
    isPrivate: asked !== undefined && isPrivate(asked),
    number: asked?.number ?? null,
  };

  async function findNamed(turn: string): Promise<Prompt | undefined> {
    for (const who of ['user', 'system', 'task'] as const) {
      const prompt = await prompts.findByTurn(sessionId, turn, who);
      if (prompt !== undefined) return prompt;
    }
    return undefined;
  }
}
