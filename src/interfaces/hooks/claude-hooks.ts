import type { SessionOrigin } from '../../application/session/session-origin.js';
import { hookTurn } from '../../domain/session/prompt-turn.js';
import { resultText } from '../../domain/tool-use/result-text.js';
import { type Captured, NOTHING } from './captured.js';
import type { Delivery } from './delivery.js';
import { derivedId } from './derived-id.js';
import type { HookEvent } from './hook-event.js';
import type { HookPayload } from './hook-payload.js';

/** Claude Code's names of the events. Codex has the same. */
export const CLAUDE_EVENTS: Readonly<Record<string, HookEvent>> = {
  SessionStart: 'session-start',
  UserPromptSubmit: 'user-prompt-submit',
  PreToolUse: 'pre-tool-use',
  PostToolUse: 'post-tool-use',
  PostToolUseFailure: 'post-tool-use-failure',
  PreCompact: 'pre-compact',
  SubagentStop: 'subagent-stop',
  Stop: 'stop',
  StopFailure: 'stop-failure',
  SessionEnd: 'session-end',
};

/** What Claude Code says to itself as if the user had: that a background task has ended. */
const SYNTHETIC = /^\s*<task-notification[\s>]/;

/** Understands a hook of Claude Code. Turns are named by `prompt_id`; versions that have none leave that to the time. */
export function readClaudeHook(event: HookEvent, payload: HookPayload, delivery: Delivery): Captured {
  return readNamedTurns(event, payload, delivery, { source: 'claude', turn: payload.name('prompt_id') });
}

/** Understands a hook of an agent that names its turns and tool uses as Claude Code does. */
export function readNamedTurns(
  event: HookEvent,
  payload: HookPayload,
  { at, id }: Delivery,
  { source, turn }: { readonly source: string; readonly turn: string | null },
): Captured {
  const session: SessionOrigin = {
    source,
    providerSessionId: payload.neededName('session_id'),
    cwd: payload.neededPath('cwd'),
    transcriptPath: payload.path('transcript_path'),
  };
  switch (event) {
    case 'session-start':
      return { kind: 'start', session, continues: payload.text('source') === 'compact' };
    case 'user-prompt-submit': {
      const text = payload.text('prompt') ?? '';
      const who = SYNTHETIC.test(text) ? 'system' : 'user';
      return { kind: 'prompt', session, who, turn: turn ?? (id === null ? null : hookTurn(id)), text, at };
    }
    case 'post-tool-use':
    case 'post-tool-use-failure': {
      const name = payload.neededName('tool_name');
      const input = payload.value('tool_input') ?? null;
      const response = event === 'post-tool-use' ? payload.value('tool_response') : payload.value('error');
      const toolUse = {
        toolUseId: payload.name('tool_use_id') ?? derivedId(id, session.providerSessionId, name, input),
        turn,
        subagent: payload.name('agent_id'),
        name,
        outcome: event === 'post-tool-use' && !wasCut(response) ? 'done' : 'failed',
        cwd: session.cwd,
        at,
        durationMs: payload.duration('duration_ms'),
        input,
        result: resultText(response),
      } as const;
      return { kind: 'tool-use', session, toolUse };
    }
    case 'stop':
    case 'stop-failure': {
      const failure = event === 'stop-failure' ? payload.text('error') : null;
      const text = payload.text('last_assistant_message') ?? (failure === null ? '' : `The turn failed: ${failure}`);
      return { kind: 'answer', session, turn, text, goesOn: payload.isTrue('stop_hook_active'), at };
    }
    case 'session-end':
      return { kind: 'end', session };
    case 'pre-tool-use':
    case 'pre-compact':
    case 'subagent-stop':
      return NOTHING;
  }
}

/** A command that the user has interrupted is told of as one that is done. */
function wasCut(response: unknown): boolean {
  if (typeof response !== 'object' || response === null) return false;
  const { interrupted, is_error: isError } = response as Record<string, unknown>;
  return interrupted === true || isError === true;
}
