import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliHome, openHome } from '../support/cli.js';
import { type FakeModel, startFakeModel } from '../support/real/fake-model.js';
import { type RealAgent, requireAgent } from '../support/real/real-agents.js';

/** Each agent is started twice, on a machine that may be busy. In milliseconds. */
const TIME_LIMIT_MS = 240_000;

const TURNS = [
  {
    text: 'I write the parser.',
    calls: [
      {
        op: 'write',
        path: '{{cwd}}/parser.js',
        content: 'export function parseZebraHeader(text) {\n  return text;\n}\n',
      },
    ],
  },
  { text: 'A check.', calls: [{ op: 'shell', command: 'echo zebra-check-passed' }] },
  { text: 'A look.', calls: [{ op: 'shell', command: 'cat no-such-file.txt' }] },
  { text: 'The zebra parser is done.' },
  { text: 'It was about zebras.' },
];
const ASKED = 'Write a parser for zebra headers and check it';

/** How to run an agent on a prompt, offline and without asking. */
interface Recipe {
  readonly prepare: (user: string, model: FakeModel) => void;
  readonly env: (model: FakeModel) => Record<string, string>;
  readonly args: (prompt: string) => string[];
}

const RECIPES: Readonly<Record<'claude' | 'codex' | 'gemini', Recipe>> = {
  claude: {
    prepare: () => undefined,
    env: ({ url }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'dummy',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    args: (prompt) => [
      ...['-p', prompt, '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash Write'],
      ...['--output-format', 'stream-json', '--verbose', '--include-hook-events'],
    ],
  },
  codex: {
    prepare(user, { url }) {
      const provider = `[model_providers.fake]\nname = "fake"\nbase_url = "${url}/v1"\nwire_api = "responses"\nenv_key = "FAKE_KEY"\n`;
      write(join(user, '.codex', 'config.toml'), `model = "fake"\nmodel_provider = "fake"\n\n${provider}`);
    },
    env: () => ({ FAKE_KEY: 'dummy' }),
    args: (prompt) => [
      ...['exec', '--dangerously-bypass-hook-trust', '--dangerously-bypass-approvals-and-sandbox', '--json'],
      prompt,
    ],
  },
  gemini: {
    prepare(user) {
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
      write(join(user, '.gemini', 'settings.json'), `// theirs\n${JSON.stringify(settings)}\n`);
    },
    env: ({ url }) => ({
      GEMINI_API_KEY: 'dummy',
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_TELEMETRY_ENABLED: 'false',
    }),
    args: (prompt) => ['-m', 'gemini-2.5-pro', '--yolo', '--output-format', 'json', '-p', prompt],
  },
};

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A user with an empty HOME and a repository, and a model to talk to. */
async function openDesk(home: CliHome, agent: keyof typeof RECIPES) {
  const user = join(dirname(home.path), 'user');
  mkdirSync(user);
  execFileSync('git', ['init', '--quiet'], { cwd: home.workspace });
  const model = await startFakeModel(TURNS, home.workspace);
  const recipe = RECIPES[agent];
  recipe.prepare(user, model);
  const env = { HOME: user };
  return {
    user,
    model,
    cw: (...args: string[]) => home.run(args, { env }),
    sessions: async () => ((await home.json(['session', 'list'], { env })) as { items: { id: string }[] }).items,
    /** Runs the agent as the user would, with a clean environment. */
    ask: (program: string, prompt: string, more: Record<string, string> = {}) =>
      model.run(program, recipe.args(prompt), {
        cwd: home.workspace,
        env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', CW_PORT: '0', ...env, ...recipe.env(model), ...more },
      }),
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

describe.each(['claude', 'codex', 'gemini'] as const)('the real %s', (agent) => {
  it(
    'is remembered once it is connected, and its next session starts with what was',
    async (context) => {
      const program = requireAgent(agent satisfies RealAgent, context);
      await using home = openHome();
      await using desk = await openDesk(home, agent);
      expect(await desk.cw('start')).toMatchObject({ code: 0 });
      expect(await desk.cw('connect', agent)).toMatchObject({ code: 0 });

      const first = await desk.ask(program, ASKED);
      expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('The zebra parser is done.') as string });
      const events = home.start(['watch', '--from', '0', '--type', 'observation.created', '--json']);
      await events.sees('observation.created');
      events.process.kill('SIGTERM');
      await events.ended;

      const [session] = await desk.sessions();
      expect(session).toMatchObject({ status: 'closed', prompts: 1, title: ASKED });
      const shown = await desk.cw('session', 'show', session?.id ?? '');
      expect(shown.stdout).toMatch(/^tool uses +3\b/m);
      expect(shown.stdout).toMatch(new RegExp(`^ 1 +user .+${ASKED}$`, 'm'));
      expect(shown.stdout).toContain('The zebra parser is done.');
      for (const words of [
        ['search', 'zebra'],
        ['timeline', 'zebra'],
      ]) {
        const found = await desk.cw('memory', ...words);
        expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('parser.js') as string });
      }
      const handed = await desk.cw('memory', 'context');
      expect(handed.stderr).toMatch(/\d+ tokens$/m);
      expect(handed.stdout).toMatch(/^<codewalkers-memory>[^]+parser\.js[^]+<\/codewalkers-memory>/);
      expect(desk.model.requests().join('\n')).not.toContain('<codewalkers-memory>');

      const before = desk.model.requests().length;
      expect(await desk.ask(program, 'What was it about?')).toMatchObject({ code: 0 });
      const [request = ''] = desk.model.requests().slice(before);
      // Gemini writes the brackets as entities.
      expect(request).toMatch(/(?:<|&lt;)codewalkers-memory(?:>|&gt;)/);
      expect(request).toContain(ASKED);

      expect(await desk.cw('connect', agent, '--remove')).toMatchObject({ code: 0 });
      await desk.ask(program, 'And now?');
      expect(await desk.sessions()).toHaveLength(2);
    },
    TIME_LIMIT_MS,
  );
});

// Not Codex: it gives MCP servers an environment of its own making, in which ours starts a server all the same.
describe.each(['claude', 'gemini'] as const)('the real %s', (agent) => {
  it(
    'works as ever, and sees no error of ours, while no server runs',
    async (context) => {
      const program = requireAgent(agent satisfies RealAgent, context);
      await using home = openHome();
      await using desk = await openDesk(home, agent);
      expect(await desk.cw('connect', agent)).toMatchObject({ code: 0 });
      const ran = await desk.ask(program, ASKED, { CW_NO_AUTOSTART: '1' });
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('The zebra parser is done.') as string });
      expect(ran.stdout).not.toMatch(/"outcome":"(?!success)|hook_no_verdict|stop-hook-error/);
      expect(ran.stderr).not.toMatch(/hook/i);
      const kept = readdirSync(join(home.path, 'spool')).filter((name) => name.endsWith('.json'));
      // Its start, the prompt, three tool uses, the answer and its end.
      expect(kept.length).toBe(7);
    },
    TIME_LIMIT_MS,
  );
});

describe('the real opencode', () => {
  it(
    'reaches our MCP server once it is connected',
    async (context) => {
      const program = requireAgent('opencode', context);
      await using home = openHome();
      await using desk = await openDesk(home, 'claude');
      expect(await desk.cw('connect', 'opencode')).toMatchObject({ code: 0 });
      const listed = await desk.model.run(program, ['mcp', 'list'], {
        cwd: home.workspace,
        env: { PATH: process.env['PATH'] ?? '', HOME: desk.user, CW_PORT: '0' },
      });
      expect(listed).toMatchObject({ code: 0 });
      expect(listed.stdout + listed.stderr).toMatch(/codewalkers [^\n]*connected/);
    },
    TIME_LIMIT_MS,
  );
});
