import type { SessionOrigin } from '../../application/session/session-origin.js';
import { tellsFailure, withoutFrame } from '../../domain/tool-use/gemini-result.js';
import { resultText } from '../../domain/tool-use/result-text.js';
import { type Captured, NOTHING } from './captured.js';
import type { Delivery } from './delivery.js';
import { derivedId } from './derived-id.js';
import type { HookEvent } from './hook-event.js';
import type { HookPayload } from './hook-payload.js';

/** Gemini's names of the events; those of its model calls are not among them. */
export const GEMINI_EVENTS: Readonly<Record<string, HookEvent>> = {
  SessionStart: 'session-start',
  BeforeAgent: 'user-prompt-submit',
  BeforeTool: 'pre-tool-use',
  AfterTool: 'post-tool-use',
  PreCompress: 'pre-compact',
  AfterAgent: 'stop',
  SessionEnd: 'session-end',
};

/**
 * Understands a hook of Gemini CLI. It names neither turns nor tool uses, but tells when each event was: that makes their
 * ids, and what belongs to a turn is told by its time.
 */
export function readGeminiHook(event: HookEvent, payload: HookPayload, delivery: Delivery): Captured {
  const moment = payload.moment('timestamp');
  const at = moment ?? delivery.at;
  const key = payload.text('timestamp') ?? delivery.id;
  const session: SessionOrigin = {
    source: 'gemini',
    providerSessionId: payload.neededName('session_id'),
    cwd: payload.neededPath('cwd'),
    transcriptPath: payload.path('transcript_path'),
  };
  const { providerSessionId } = session;
  switch (event) {
    case 'session-start':
      return { kind: 'start', session, continues: false };
    case 'user-prompt-submit': {
      const text = payload.text('prompt') ?? '';
      return { kind: 'prompt', session, who: 'user', turn: derivedId(key, providerSessionId, text), text, at };
    }
    case 'post-tool-use':
    case 'post-tool-use-failure': {
      const name = payload.neededName('tool_name');
      const input = payload.value('tool_input') ?? null;
      const response = payload.value('tool_response');
      const result = withoutFrame(resultText(response));
      const toolUse = {
        toolUseId: derivedId(key, providerSessionId, name, input),
        name,
        outcome: event === 'post-tool-use' && !hasFailed(response, result) ? 'done' : 'failed',
        cwd: session.cwd,
        at,
        input,
        result,
      } as const;
      return { kind: 'tool-use', session, toolUse };
    }
    case 'stop':
    case 'stop-failure':
      return { kind: 'answer', session, turn: null, text: payload.text('prompt_response') ?? '', goesOn: false, at };
    case 'session-end':
      return { kind: 'end', session };
    case 'pre-tool-use':
    case 'pre-compact':
    case 'subagent-stop':
      return NOTHING;
  }
}

/** A tool's own error is a field; that a command failed stands among the lines of its result. */
function hasFailed(response: unknown, result: string): boolean {
  if (typeof response === 'object' && response !== null && 'error' in response && Boolean(response.error)) return true;
  return tellsFailure(result);
}
