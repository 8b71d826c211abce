import type { CapturedToolUse } from '../../application/session/captured-tool-use.js';
import type { RecordAnswer } from '../../application/session/record-answer.js';
import type { RecordPrompt } from '../../application/session/record-prompt.js';
import type { SessionOrigin } from '../../application/session/session-origin.js';

/** What a hook told, in the words of the use cases; `nothing` for what is understood and not remembered. */
export type Captured =
  | { readonly kind: 'start'; readonly session: SessionOrigin; readonly continues: boolean }
  | ({ readonly kind: 'prompt' } & RecordPrompt)
  | ({ readonly kind: 'answer' } & RecordAnswer)
  | { readonly kind: 'tool-use'; readonly session: SessionOrigin; readonly toolUse: CapturedToolUse }
  | { readonly kind: 'end'; readonly session: SessionOrigin }
  | { readonly kind: 'nothing' };

export const NOTHING: Captured = { kind: 'nothing' };
