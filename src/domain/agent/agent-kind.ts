/** Agents that we know by the name of their program. */
export const AGENT_KINDS = ['claude', 'codex', 'gemini', 'opencode'] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/** Which of them a command is: by the last part of its path, without the endings of Windows. Null for any other. */
export function agentKindOf(command: string): AgentKind | null {
  const name = command
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(?:cmd|exe|bat|ps1)$/i, '');
  return AGENT_KINDS.find((kind) => kind === name) ?? null;
}
