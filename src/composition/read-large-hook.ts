import { cleanToolUse } from '../application/session/clean-tool-use.js';
import { MAX_SAID_LENGTH } from '../domain/session/capture-limits.js';
import { compileExclusion } from '../infrastructure/redaction/exclusion.js';
import { redactor } from '../infrastructure/redaction/redactor.js';
import type { Captured } from '../interfaces/hooks/captured.js';
import type { UnreadHook } from '../interfaces/hooks/large-hook.js';
import { parseHook } from '../interfaces/hooks/parse-hook.js';
import { readHook } from '../interfaces/hooks/read-hook.js';

export interface ReadLargeHookInput extends UnreadHook {
  /** Patterns of what the user has excluded. */
  readonly exclude: readonly string[];
}

/**
 * Reads a hook's body and does to its texts what would be done before they are stored, so that what goes to the main
 * thread is as small as what is kept. For a worker thread.
 */
export function readLargeHook({ bytes, exclude, ...delivery }: ReadLargeHookInput): Captured | undefined {
  const captured = readHook({ ...delivery, body: parseHook(Buffer.from(bytes).toString('utf8')) });
  switch (captured?.kind) {
    case 'prompt':
    case 'answer':
      return { ...captured, text: '', prepared: redactor.prepareText(captured.text, MAX_SAID_LENGTH) };
    case 'tool-use': {
      const cleaned = cleanToolUse(captured.toolUse, { redactor, isExcluded: compileExclusion(exclude) });
      return { ...captured, toolUse: { ...captured.toolUse, input: null, result: '', cleaned } };
    }
    default:
      return captured;
  }
}
