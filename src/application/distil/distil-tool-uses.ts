import type { Stretch } from '../../domain/distil/distil-by-rules.js';
import { recordObservation } from '../../domain/observation/observation.js';
import type { Session } from '../../domain/session/session.js';
import type { ToolUse } from '../../domain/session/tool-use.js';
import type { ObservationId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { Distil, Distillation } from '../ports/distiller.js';

/** Earlier observations of a session in which it is looked for what had failed. */
const EARLIER = 20;

/** Neighbouring tool uses of one turn of a session, all of them waiting. */
export type WaitingStretch = readonly [ToolUse, ...ToolUse[]];

export type DistilToolUses = (uses: WaitingStretch, signal: AbortSignal) => Promise<void>;

/**
 * Makes observations of tool uses that wait and says that they wait no longer, in one transaction: whenever the server
 * ends, neither is done without the other. What was taken out meanwhile (a private turn, forgotten) makes none.
 */
export function createDistilToolUses({
  read,
  transaction,
  distil,
  newId,
  clock,
}: Pick<Dependencies, 'read' | 'transaction' | 'newId' | 'clock'> & { readonly distil: Distil }): DistilToolUses {
  return async (uses, signal) => {
    const [{ sessionId, turn }] = uses;
    const { session, stretch } = await read(async (stores) => {
      const found = await stores.sessions.get(sessionId);
      const workspace = await stores.workspaces.get(found.workspaceId);
      const prompt = turn === null ? undefined : await promptOf(stores.prompts, found, turn);
      const earlier = await stores.observations.list({ sessionId, limit: EARLIER });
      const known: Stretch = {
        prompt: prompt ?? found.title,
        root: workspace.path,
        earlierFacts: earlier.reverse().flatMap(({ facts }) => facts),
        toolUses: uses,
      };
      return { session: found, stretch: known };
    });
    const made = await distil(stretch, sessionId, signal);
    await transaction(async ({ toolUses, observations, dueSummaries, ledger, events }) => {
      const ids = uses.map(({ toolUseId }) => toolUseId);
      const there = await toolUses.getMany(sessionId, ids);
      const waiting = new Set(there.filter(({ distilledAt }) => distilledAt === null).map((use) => use.toolUseId));
      const now = clock();
      const observationIds: ObservationId[] = [];
      for (const observation of observationsOf(made, session, turn)) {
        if (!observation.toolUses.every((id) => waiting.has(id))) continue;
        const { state, events: facts } = recordObservation({ id: newId('obs'), ...observation }, now);
        await observations.insert(state);
        await events.append(facts);
        observationIds.push(state.id);
      }
      await toolUses.distilled(sessionId, [...waiting], now);
      // What comes in late is not in the summary that was made at the end.
      if (session.endedAt !== null) await dueSummaries.mark(sessionId);
      const [first, ...rest] = waiting;
      if (made.deadLetter === undefined || first === undefined) return;
      const toolUseIds = [first, ...rest] as const;
      await ledger.keepDeadLetter({ sessionId, toolUseIds, observationIds, reason: made.deadLetter, at: now });
    });
  };
}

interface Prompts {
  findByTurn(
    sessionId: Session['id'],
    turn: string,
    who: 'user' | 'task' | 'system',
  ): Promise<{ readonly text: string } | undefined>;
}

async function promptOf(prompts: Prompts, { id }: Session, turn: string): Promise<string | undefined> {
  for (const who of ['user', 'task', 'system'] as const) {
    const prompt = await prompts.findByTurn(id, turn, who);
    if (prompt !== undefined) return prompt.text;
  }
  return undefined;
}

function observationsOf({ origin, observations }: Distillation, session: Session, turn: string | null) {
  const { id: sessionId, workspaceId } = session;
  return observations.map((made) => ({ ...made, origin, sessionId, workspaceId, turn, pinned: false }));
}
