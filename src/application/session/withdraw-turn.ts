import type { KeptObservation } from '../../domain/observation/observation.js';
import { isDerivedName } from '../../domain/session/derived-name.js';
import type { Prompt } from '../../domain/session/prompt.js';
import { namedBy } from '../../domain/session/prompt-turn.js';
import type { ObservationId, PromptId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Stores } from '../ports/transaction.js';
import { dropSummary, withdrawSummary } from '../summary/withdraw-summary.js';

/** Observations and prompts of a session that are looked at at once. */
const PAGE = 100;

/**
 * What of a private turn came before its prompt goes again, as if it was forgotten: its tool uses, what was made of them,
 * its answers, and the summary of the session, which is due anew. Of an agent that does not name its turns, all that
 * happened until the next prompt belongs to the turn.
 */
export async function withdrawTurn(stores: Stores, prompt: Prompt, now: Timestamp): Promise<void> {
  const { sessionId, turn, at: from } = prompt;
  const { toolUses, prompts, observations } = stores;
  const isNamed = turn !== null && namedBy(turn) === 'agent' && !isDerivedName(turn);
  const said = await allOf((after: PromptId | undefined) => prompts.list({ sessionId, after, limit: PAGE }));
  const later = said.filter((other) => other.who !== 'agent' && other.at > from).map(({ at }) => at);
  const to = Math.min(Number.MAX_SAFE_INTEGER, ...later) - 1;
  const isOfTurn = (one: { readonly turn: string | null; readonly at: Timestamp }) =>
    turn !== null && one.turn === turn ? true : !isNamed && one.at >= from && one.at <= to;
  const uses = new Set(isNamed ? [] : await toolUses.between(sessionId, from, to));
  await toolUses.remove(sessionId, [...uses]);
  if (turn !== null) await toolUses.removeTurn(sessionId, turn);
  const made = await allOf((before: ObservationId | undefined) =>
    observations.list({ sessionId, before, limit: PAGE }),
  );
  const gone = made.filter((one) => isMadeOf(one, turn, uses));
  for (const observation of gone) await dropSummary(stores, observation, now);
  const answers = said.filter((one) => one.who === 'agent' && isOfTurn(one));
  for (const { id } of answers) await prompts.remove(id);
  if (gone.length + answers.length > 0) await withdrawSummary(stores, sessionId, now);
}

function isMadeOf(
  { origin, turn: known, toolUses }: KeptObservation,
  turn: string | null,
  uses: ReadonlySet<string>,
): boolean {
  if (toolUses.some((id) => uses.has(id))) return true;
  return turn !== null && known === turn && (origin === 'rules' || origin === 'model');
}

/** All pages of a list; each begins after the last one of the page before. */
async function allOf<Id, Item extends { readonly id: Id }>(
  page: (after: Id | undefined) => Promise<Item[]>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let after: Id | undefined; ; ) {
    const items = await page(after);
    all.push(...items);
    after = items.at(-1)?.id;
    if (items.length < PAGE) return all;
  }
}
