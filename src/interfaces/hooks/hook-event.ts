/** What agents' hooks tell of, as contracts.md names it in `cw hook <event>` and `POST /hooks/<event>`. */
const HOOK_EVENTS = [
  'session-start',
  'user-prompt-submit',
  'pre-tool-use',
  'post-tool-use',
  'post-tool-use-failure',
  'pre-compact',
  'subagent-stop',
  'stop',
  'stop-failure',
  'session-end',
] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** Agents whose hooks are understood. */
const HOOK_AGENTS = ['claude', 'codex', 'gemini'] as const;
export type HookAgent = (typeof HOOK_AGENTS)[number];

export function isHookEvent(name: string): name is HookEvent {
  return (HOOK_EVENTS as readonly string[]).includes(name);
}

export function isHookAgent(name: string): name is HookAgent {
  return (HOOK_AGENTS as readonly string[]).includes(name);
}
