import { z } from 'zod';
import type { PermissionAnswer } from '../../../application/ports/agent-runtime.js';
import { looseList } from './loose.js';
import { ToolCallFields } from './tool-call.js';

const Option = z.object({ optionId: z.string(), kind: z.string() });
/** What an agent asks leave for, and the answers that it takes. */
export const PermissionParams = z.object({ toolCall: ToolCallFields, options: looseList(Option) });
export type PermissionParams = z.infer<typeof PermissionParams>;

/** What is answered to a `session/request_permission`. */
export type PermissionOutcome =
  | { readonly outcome: 'selected'; readonly optionId: string }
  | { readonly outcome: 'cancelled' };

export const CANCELLED: PermissionOutcome = { outcome: 'cancelled' };

/**
 * The agent's option for an answer. More leave than was given is never chosen: where the agent has no option that says
 * as much or less, the answer is that nobody answered.
 */
export function chosen(options: PermissionParams['options'], answer: PermissionAnswer): PermissionOutcome {
  const kinds =
    answer.behavior === 'deny'
      ? ['reject_once', 'reject_always']
      : answer.always
        ? ['allow_always', 'allow_once']
        : ['allow_once'];
  for (const kind of kinds) {
    const option = options.find((one) => one.kind === kind);
    if (option !== undefined) return { outcome: 'selected', optionId: option.optionId };
  }
  return CANCELLED;
}
