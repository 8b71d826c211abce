import { MAX_RESULT_LENGTH } from '../../domain/session/capture-limits.js';
import { toolPaths } from '../../domain/tool-use/tool-paths.js';
import type { Dependencies } from '../dependencies.js';
import type { Touched } from '../ports/is-excluded.js';
import type { CapturedToolUse, CleanToolUse } from './captured-tool-use.js';
import { cleanInput } from './clean-input.js';

/** The texts of a tool use without secrets and cut to what is kept; null when the user has excluded what it touches. */
export function cleanToolUse(
  use: CapturedToolUse,
  { redactor, isExcluded }: Pick<Dependencies, 'redactor' | 'isExcluded'>,
): CleanToolUse | null {
  if (isExcluded(touchedBy(use))) return null;
  return { input: cleanInput(use.input, redactor), result: redactor.prepareText(use.result, MAX_RESULT_LENGTH) };
}

/** What the user may have excluded: the tool, the directory it works in, and the paths that it is given. */
function touchedBy({ name, input, cwd }: CapturedToolUse): Touched {
  const { read, modified, named } = toolPaths({ name, input });
  const paths = [...read, ...modified, ...named];
  return typeof cwd === 'string' ? { toolName: name, paths: [cwd, ...paths], cwd } : { toolName: name, paths };
}
