import { MAX_RESULT_LENGTH } from '../../domain/session/capture-limits.js';
import type { ToolUse, ToolVia } from '../../domain/session/tool-use.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { toolPaths } from '../../domain/tool-use/tool-paths.js';
import type { Dependencies } from '../dependencies.js';
import type { Touched } from '../ports/is-excluded.js';
import type { CapturedToolUse } from './captured-tool-use.js';
import { cleanInput } from './clean-input.js';

/** A tool use that may be stored, but for its session, its turn, and, where nobody told it, its time. */
export type PreparedToolUse = Omit<ToolUse, 'sessionId' | 'at' | 'distilledAt'> & {
  readonly at?: Timestamp | undefined;
};

/** A tool use without secrets and cut to what is kept; null when the user has excluded what it touches. */
export function prepareToolUse(
  use: CapturedToolUse,
  via: ToolVia,
  { redactor, isExcluded }: Pick<Dependencies, 'redactor' | 'isExcluded'>,
): PreparedToolUse | null {
  if (isExcluded(touchedBy(use))) return null;
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

/** What the user may have excluded: the tool, the directory it works in, and the paths that it is given. */
function touchedBy({ name, input, cwd }: CapturedToolUse): Touched {
  const { read, modified, named } = toolPaths({ name, input });
  const paths = [...read, ...modified, ...named];
  return typeof cwd === 'string' ? { toolName: name, paths: [cwd, ...paths], cwd } : { toolName: name, paths };
}
