import type { ToolOutcome, ToolUse, ToolVia } from '../../domain/session/tool-use.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';

/** What a tool use is, in the order of the columns. */
export type OwnRow = [
  sessionId: number,
  toolUseId: string,
  turn: string | null,
  subagent: string | null,
  name: string,
  outcome: ToolOutcome,
  via: ToolVia,
  cwd: string | null,
  at: number,
  durationMs: number | null,
  distilledAt: number | null,
];
/** Its texts, which are in a table of their own. */
export type TextRow = [input: string, result: string, inputOmitted: number, resultOmitted: number];
export type ToolUseRow = [...own: OwnRow, ...texts: TextRow];

export function toOwnRow(use: ToolUse): OwnRow {
  const { toolUseId, turn, subagent, name, outcome, via, cwd, at, durationMs, distilledAt } = use;
  return [decodeId(use.sessionId), toolUseId, turn, subagent, name, outcome, via, cwd, at, durationMs, distilledAt];
}

export function toTextRow({ input, result, inputOmitted, resultOmitted }: ToolUse): TextRow {
  return [input, result, inputOmitted, resultOmitted];
}

export function toToolUse(row: ToolUseRow): ToolUse {
  const [sessionId, toolUseId, turn, subagent, name, outcome, via, cwd, at, durationMs, distilledAt, ...texts] = row;
  const [input, result, inputOmitted, resultOmitted] = texts;
  return {
    sessionId: encodeId('session', sessionId),
    toolUseId,
    turn,
    subagent,
    name,
    outcome,
    via,
    cwd,
    at,
    durationMs,
    input,
    result,
    inputOmitted,
    resultOmitted,
    distilledAt,
  };
}
