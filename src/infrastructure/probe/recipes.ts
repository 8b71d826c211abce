import { join } from 'node:path';
import type { AgentKind } from '../../domain/agent/agent-kind.js';

/** How an agent is told where its model is. */
export interface Recipe {
  /** Variables for a model at this address. */
  readonly env: (url: string) => Readonly<Record<string, string>>;
  /** Files in its home, by path. */
  readonly files: (url: string) => Readonly<Record<string, string>>;
}

/** Nobody looks at it: the model takes whoever comes. */
const KEY = 'probe';

/** Each is asked to report nothing and to fetch nothing, because a probe is for loopback alone. */
export const RECIPES: Readonly<Record<AgentKind, Recipe>> = {
  claude: {
    env: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: KEY,
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // It tries again ten times, for minutes.
      CLAUDE_CODE_MAX_RETRIES: '0',
    }),
    files: () => ({}),
  },
  codex: {
    env: () => ({ CW_PROBE_KEY: KEY }),
    files: (url) => ({
      [join('.codex', 'config.toml')]: [
        'model = "probe"',
        'model_provider = "probe"',
        'check_for_update_on_startup = false',
        '[analytics]',
        'enabled = false',
        '[model_providers.probe]',
        'name = "probe"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "CW_PROBE_KEY"',
        'request_max_retries = 0',
        'stream_max_retries = 0',
        '',
      ].join('\n'),
    }),
  },
  gemini: {
    env: (url) => ({
      GEMINI_API_KEY: KEY,
      GOOGLE_GEMINI_BASE_URL: url,
      // Without a name a model is asked which model to ask.
      GEMINI_MODEL: 'gemini-2.5-pro',
      GEMINI_TELEMETRY_ENABLED: 'false',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
    }),
    files: () => ({
      [join('.gemini', 'settings.json')]: JSON.stringify({
        general: { disableAutoUpdate: true, disableUpdateNag: true },
        privacy: { usageStatisticsEnabled: false },
        security: { auth: { selectedType: 'gemini-api-key' } },
      }),
    }),
  },
  opencode: {
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    files: (url) => ({
      [join('.config', 'opencode', 'opencode.json')]: JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        permission: { bash: 'ask' },
        model: 'probe/probe',
        small_model: 'probe/probe',
        provider: {
          probe: {
            npm: '@ai-sdk/openai-compatible',
            name: 'probe',
            options: { baseURL: `${url}/v1`, apiKey: KEY },
            models: { probe: { name: 'probe' } },
          },
        },
      }),
    }),
  },
};
