import type { Session } from '../../domain/session/session.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Stores } from '../ports/transaction.js';
import type { PreparedToolUse } from './prepare-tool-use.js';

/** Stores a tool use of a session and says so; false, with nothing done, when it is known already. */
export async function keepToolUse(
  { toolUses, events }: Pick<Stores, 'toolUses' | 'events'>,
  { id: sessionId, workspaceId }: Pick<Session, 'id' | 'workspaceId'>,
  use: PreparedToolUse,
  now: Timestamp,
): Promise<boolean> {
  const isNew = await toolUses.insert({ ...use, sessionId, at: use.at ?? now, distilledAt: null });
  if (!isNew) return false;
  const data = { toolUseId: use.toolUseId, name: use.name, outcome: use.outcome };
  await events.append([{ type: 'tooluse.captured', at: now, sessionId, workspaceId, data }]);
  return true;
}
