import { z } from 'zod';
import { MAX_NAME_LENGTH, MAX_PATH_LENGTH, MAX_RESULT_LENGTH } from '../../domain/session/capture-limits.js';
import { ToolOutcome, type ToolUse, type ToolVia } from '../../domain/session/tool-use.js';
import { SessionId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { toolPaths } from '../../domain/tool-use/tool-paths.js';
import type { Dependencies } from '../dependencies.js';
import type { Touched } from '../ports/is-excluded.js';
import type { Redactor } from '../ports/redactor.js';
import type { Capture } from './capture.js';
import { cleanInput } from './clean-input.js';
import { SessionOrigin, sessionOf } from './session-origin.js';
import { type KnownTurn, turnOf } from './turn-of.js';

/** Most tool uses of one call; they are one transaction, which must not hold up the others for long. */
const MAX_RECORDED_AT_ONCE = 1_000;

const Name = z.string().min(1).max(MAX_NAME_LENGTH);

/** A tool call as an agent made it. Long inputs and results are taken, and kept by head and tail. */
export const CapturedToolUse = z.strictObject({
  toolUseId: Name,
  turn: Name.nullish(),
  subagent: Name.nullish(),
  name: Name,
  outcome: ToolOutcome.default('done'),
  cwd: z.string().max(MAX_PATH_LENGTH).nullish(),
  at: Timestamp.optional(),
  durationMs: z.int().nonnegative().nullish(),
  input: z.json().default(null),
  result: z.string().default(''),
});
/** The input is whatever JSON holds. */
export type CapturedToolUse = Omit<z.infer<typeof CapturedToolUse>, 'input'> & { readonly input: unknown };

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
    const located = typeof whose === 'string' ? null : await capture.locate(whose);
    // What takes time is done before the transaction, for which others wait.
    const cleaned = toolUses
      .filter((use) => !isExcluded(touchedBy(use)))
      .map((use) => cleanToolUse(use, via, redactor));
    return transaction(async (stores) => {
      const now = clock();
      const {
        id: sessionId,
        workspaceId,
        status,
      } = located === null
        ? await stores.sessions.get(whose as SessionId)
        : await sessionOf(stores, located, newId, now);
      const counts = { recorded: 0, known: 0 };
      if (status === 'paused') return counts;
      const turns = new Map<string, KnownTurn>();
      for (const { turn: named, at = now, ...use } of cleaned) {
        const known = (named === null ? undefined : turns.get(named)) ?? (await turnOf(stores, sessionId, named, at));
        if (named !== null) turns.set(named, known);
        if (known.isPrivate) continue;
        const { turn } = known;
        const isNew = await stores.toolUses.insert({ ...use, sessionId, turn, at, distilledAt: null });
        counts[isNew ? 'recorded' : 'known'] += 1;
        if (!isNew) continue;
        const data = { toolUseId: use.toolUseId, name: use.name, outcome: use.outcome };
        await stores.events.append([{ type: 'tooluse.captured', at: now, sessionId, workspaceId, data }]);
      }
      return counts;
    });
  };
}

/** What the user may have excluded: the tool, the directory it works in, and the paths that it is given. */
function touchedBy({ name, input, cwd }: CapturedToolUse): Touched {
  const { read, modified, named } = toolPaths({ name, input });
  const paths = [...read, ...modified, ...named];
  return typeof cwd === 'string' ? { toolName: name, paths: [cwd, ...paths], cwd } : { toolName: name, paths };
}

type CleanToolUse = Omit<ToolUse, 'sessionId' | 'at' | 'distilledAt'> & { readonly at?: Timestamp | undefined };

function cleanToolUse(use: CapturedToolUse, via: ToolVia, redactor: Redactor): CleanToolUse {
  const input = cleanInput(use.input, redactor);
  const result = redactor.prepareText(use.result, MAX_RESULT_LENGTH);
  return {
    toolUseId: use.toolUseId,
    turn: use.turn ?? null,
    subagent: use.subagent ?? null,
    name: use.name,
    outcome: use.outcome,
    via,
    cwd: use.cwd ?? null,
    at: use.at,
    durationMs: use.durationMs ?? null,
    input: input.text,
    inputOmitted: input.omitted,
    result: result.text,
    resultOmitted: result.leftOut,
  };
}
