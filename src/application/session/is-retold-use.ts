import { isDerivedName } from '../../domain/session/derived-name.js';
import type { ToolUse } from '../../domain/session/tool-use.js';
import type { Stores } from '../ports/transaction.js';

/** A hook and a transcript tell of the same tool use within so many milliseconds: other hooks may hold the agent up. */
const APART_MS = 60_000;

/**
 * Whether this tool use is known by another name: of the same calls at about the same time, the other way of telling has
 * told of more than this one has. So the same command run twice counts twice.
 */
export async function isRetoldUse(
  { toolUses }: Pick<Stores, 'toolUses'>,
  { sessionId, toolUseId, name, input, at }: Pick<ToolUse, 'sessionId' | 'toolUseId' | 'name' | 'input' | 'at'>,
): Promise<boolean> {
  const ids = await toolUses.alike({ sessionId, name, input, from: at - APART_MS, to: at + APART_MS });
  if (ids.includes(toolUseId)) return true;
  const alike = ids.filter((id) => isDerivedName(id) === isDerivedName(toolUseId)).length;
  return ids.length - alike > alike;
}
