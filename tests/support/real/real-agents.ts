import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** The programs of other makers that tests run: what `npm run agents:install -- DIR` installs, and under which name. */
export const REAL_AGENTS = {
  claude: { package: '@anthropic-ai/claude-code', version: '2.1.328' },
  codex: { package: '@openai/codex', version: '0.169.0' },
  gemini: { package: '@google/gemini-cli', version: '0.61.0' },
  opencode: { package: 'opencode-ai', version: '1.18.33' },
} as const;
export type RealAgent = keyof typeof REAL_AGENTS;

/** A scripted model that speaks to all of them, and what it says. */
export const FAKE_MODEL = '../shared/kit/fake-model.mjs';

/** The agent's program; the test is skipped where it is not installed in the version that is known. */
export function requireAgent(agent: RealAgent, { skip }: Pick<TestContext, 'skip'>): string {
  const directory = process.env['CW_REAL_AGENTS'] ?? '';
  if (directory === '') skip(`${agent} needs CW_REAL_AGENTS, a directory of \`npm run agents:install -- DIR\``);
  if (!existsSync(FAKE_MODEL)) skip(`${agent} needs the kit in ../shared`);
  const { package: name, version } = REAL_AGENTS[agent];
  const manifest = join(directory, 'node_modules', name, 'package.json');
  const found = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
    : 'none';
  if (found !== version) skip(`${agent} needs ${name}@${version} in ${directory}, where ${found} is`);
  return join(directory, 'node_modules', '.bin', agent);
}
