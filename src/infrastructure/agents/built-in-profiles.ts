import type { ProfileSettings } from '../../domain/agent/agent-profile.js';

/** Profiles that need no configuration. All but the shell are there only where their program is. */
export const BUILT_IN_PROFILES: Readonly<Record<string, ProfileSettings>> = {
  shell: { protocol: 'shell' },
  claude: {
    protocol: 'claude',
    command: 'claude',
    // Who pays, and where the model is, for those who say so in their environment instead of signing in.
    passEnv: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'CLAUDE_CONFIG_DIR'],
  },
  codex: { protocol: 'codex', command: 'codex' },
  gemini: { protocol: 'acp', command: 'gemini', args: ['--acp'] },
  // Its log alone tells that a model refuses it: it asks again without end.
  opencode: { protocol: 'acp', command: 'opencode', args: ['acp', '--print-logs', '--log-level', 'ERROR'] },
};
