import type { AgentProfile } from '../../../src/domain/agent/agent-profile.js';
import type { RealAgent } from './real-agents.js';

/** How one of the real programs is told to talk to the kit's model, without an account, and to nobody else. */
export interface RealProgram {
  readonly protocol: Extract<AgentProfile['protocol'], 'claude' | 'codex' | 'acp'>;
  /** As the built-in profile has them, and what names the model. */
  readonly args: readonly string[];
  /** `url` is the model's. */
  readonly env: (url: string) => Record<string, string>;
  /** Its own settings: path in its user's home, and text. */
  readonly settings: (url: string) => readonly [path: string, text: string] | null;
}

export const REAL_PROGRAMS: Readonly<Record<RealAgent, RealProgram>> = {
  claude: {
    protocol: 'claude',
    args: [],
    env: (url) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'dummy',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // It tries again ten times, for minutes.
      CLAUDE_CODE_MAX_RETRIES: '0',
    }),
    settings: () => null,
  },
  codex: {
    protocol: 'codex',
    args: [],
    env: () => ({ FAKE_KEY: 'dummy' }),
    settings: (url) => [
      '.codex/config.toml',
      [
        'model = "fake"',
        'model_provider = "fake"',
        '',
        '[model_providers.fake]',
        'name = "fake"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "FAKE_KEY"',
        'request_max_retries = 0',
        'stream_max_retries = 0',
        '',
      ].join('\n'),
    ],
  },
  gemini: {
    protocol: 'acp',
    args: ['--acp', '-m', 'gemini-2.5-pro'],
    env: (url) => ({
      GEMINI_API_KEY: 'dummy',
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_TELEMETRY_ENABLED: 'false',
    }),
    settings: () => [
      '.gemini/settings.json',
      JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' } },
        // It tries again ten times, for minutes.
        general: { maxAttempts: 1 },
      }),
    ],
  },
  opencode: {
    protocol: 'acp',
    args: ['acp', '--print-logs', '--log-level', 'ERROR'],
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    settings: (url) => [
      '.config/opencode/opencode.json',
      JSON.stringify({
        model: 'fake/fake-model',
        permission: { edit: 'ask', bash: 'ask' },
        provider: {
          fake: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${url}/v1`, apiKey: 'dummy' },
            models: { 'fake-model': { name: 'Fake' } },
          },
        },
      }),
    ],
  },
};
