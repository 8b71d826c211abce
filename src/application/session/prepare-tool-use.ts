import type { ToolUse, ToolVia } from '../../domain/session/tool-use.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { CapturedToolUse } from './captured-tool-use.js';
import { cleanToolUse } from './clean-tool-use.js';

/** A tool use that may be stored, but for its session, its turn, and, where nobody told it, its time. */
export type PreparedToolUse = Omit<ToolUse, 'sessionId' | 'at' | 'distilledAt'> & {
  readonly at?: Timestamp | undefined;
};

/** A tool use without secrets and cut to what is kept; null when the user has excluded what it touches. */
export function prepareToolUse(
  use: CapturedToolUse,
  via: ToolVia,
  ports: Pick<Dependencies, 'redactor' | 'isExcluded'>,
): PreparedToolUse | null {
  const cleaned = use.cleaned === undefined ? cleanToolUse(use, ports) : use.cleaned;
  if (cleaned === null) return null;
  const { input, result } = cleaned;
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
