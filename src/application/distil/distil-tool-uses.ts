import type { Stretch } from '../../domain/distil/distil-by-rules.js';
import { recordObservation } from '../../domain/observation/observation.js';
import type { Session } from '../../domain/session/session.js';
import type { ToolUse } from '../../domain/session/tool-use.js';
import type { ObservationId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { Distil, Distillation } from '../ports/distiller.js';
import type { Stores } from '../ports/transaction.js';

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
    // What was told to the distiller may have been forgotten before it was done: then it tells anew, without that.
    while (!(await distilOnce(uses, signal))) signal.throwIfAborted();
  };

  /** False, with nothing written, when what the distiller was told beside the tool uses is not remembered any more. */
  async function distilOnce(uses: WaitingStretch, signal: AbortSignal): Promise<boolean> {
    const [{ sessionId, turn }] = uses;
    const told = await read(async (stores) => {
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
      return {
        session: found,
        stretch: known,
        earlierIds: earlier.filter(({ facts }) => facts.length > 0).map(({ id }) => id),
      };
    });
    const made = await distil(told.stretch, sessionId, signal);
    return transaction(async (stores) => {
      const { toolUses, observations, dueSummaries, ledger, events } = stores;
      if (!(await isRemembered(stores, told, turn))) return false;
      const { session } = told;
      const there = new Map(
        (
          await toolUses.getMany(
            sessionId,
            uses.map(({ toolUseId }) => toolUseId),
          )
        ).map((use) => [use.toolUseId, use]),
      );
      const isWaiting = ({ toolUseId, input, result }: ToolUse) => {
        const now = there.get(toolUseId);
        return now?.distilledAt === null && now.input === input && now.result === result;
      };
      const waiting = new Set(uses.filter(isWaiting).map(({ toolUseId }) => toolUseId));
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
      if (made.deadLetter === undefined || first === undefined) return true;
      const toolUseIds = [first, ...rest] as const;
      await ledger.keepDeadLetter({ sessionId, toolUseIds, observationIds, reason: made.deadLetter, at: now });
      return true;
    });
  }
}

/** What a stretch was told with beside its tool uses. */
interface Told {
  readonly session: Session;
  readonly stretch: Stretch;
  readonly earlierIds: readonly ObservationId[];
}

/** Whether nothing of it was forgotten since. */
async function isRemembered(
  { sessions, prompts, observations }: Pick<Stores, 'sessions' | 'prompts' | 'observations'>,
  { session, stretch, earlierIds }: Told,
  turn: string | null,
): Promise<boolean> {
  const prompt = turn === null ? undefined : await promptOf(prompts, session, turn);
  if ((prompt ?? (await sessions.get(session.id)).title) !== stretch.prompt) return false;
  const earlier = await observations.getMany(earlierIds);
  return earlier.length === earlierIds.length && earlier.every(({ status }) => status === 'kept');
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
