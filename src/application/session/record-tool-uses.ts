import { z } from 'zod';
import { hasTwoNames } from '../../domain/session/derived-name.js';
import type { Session } from '../../domain/session/session.js';
import type { ToolVia } from '../../domain/session/tool-use.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import type { Capture } from './capture.js';
import { CapturedToolUse } from './captured-tool-use.js';
import { isRetoldUse } from './is-retold-use.js';
import { keepToolUse } from './keep-tool-use.js';
import { prepareToolUse } from './prepare-tool-use.js';
import { SessionOrigin, sessionOf } from './session-origin.js';
import { type KnownTurn, turnOf } from './turn-of.js';

/** Most tool uses of one call; they are one transaction, which must not hold up the others for long. */
const MAX_RECORDED_AT_ONCE = 1_000;

/** `session` is one of ours, or the agent's own, which is opened when it is new. */
export const RecordToolUses = z.strictObject({
  session: z.union([SessionId, SessionOrigin]),
  toolUses: z.array(CapturedToolUse).min(1).max(MAX_RECORDED_AT_ONCE),
});
export type RecordToolUses = Omit<z.infer<typeof RecordToolUses>, 'toolUses'> & {
  readonly toolUses: readonly CapturedToolUse[];
};

/** How many were kept now, and how many were known already; what is neither is excluded, private or of a pause. */
export const Recorded = z.object({ recorded: z.int().nonnegative(), known: z.int().nonnegative() });
export type Recorded = z.infer<typeof Recorded>;

/** Keeps tool uses, each once for its session, in the order given, all in one transaction. */
export function createRecordToolUses({
  capture,
  isExcluded,
  redactor,
  transaction,
  clock,
  newId,
}: Pick<Dependencies, 'isExcluded' | 'redactor' | 'transaction' | 'clock' | 'newId'> & { readonly capture: Capture }) {
  return async ({ session: whose, toolUses }: RecordToolUses, via: ToolVia): Promise<Recorded> => {
    if (!capture.isOn || (typeof whose !== 'string' && !capture.takes(whose))) return { recorded: 0, known: 0 };
    // What takes time is done before the transaction, for which others wait.
    const prepared = toolUses
      .map((use) => prepareToolUse(use, via, { redactor, isExcluded }))
      .filter((use) => use !== null);
    if (typeof whose === 'string') return transaction(async (stores) => keep(stores, await stores.sessions.get(whose)));
    const { source, providerSessionId } = whose;
    // Nearly every session is known: only for a new one is its place looked for, and the storage asked a second time.
    const recorded = await transaction(async (stores) => {
      const session = await stores.sessions.findByProvider(source, providerSessionId);
      return session && keep(stores, session);
    });
    if (recorded !== undefined) return recorded;
    const located = await capture.locate(whose);
    return transaction(async (stores) => keep(stores, await sessionOf(stores, located, newId, clock())));

    async function keep(stores: Stores, session: Session): Promise<Recorded> {
      const now = clock();
      const counts = { recorded: 0, known: 0 };
      if (session.status === 'paused') return counts;
      const turns = new Map<string, KnownTurn>();
      for (const { turn: named, at = now, ...use } of prepared) {
        const known = (named === null ? undefined : turns.get(named)) ?? (await turnOf(stores, session, named, at));
        if (named !== null) turns.set(named, known);
        if (known.isPrivate) continue;
        const whole = { ...use, sessionId: session.id, turn: known.turn, at };
        const isRetold = hasTwoNames(session.source) && (await isRetoldUse(stores, whole));
        const isNew = !isRetold && (await keepToolUse(stores, session, whole, now));
        counts[isNew ? 'recorded' : 'known'] += 1;
      }
      return counts;
    }
  };
}
