/**
 * `npm run agents:install -- DIR`: installs the real agents that tests/e2e/real-agents.test.ts runs, in the versions that
 * it knows, some 1.5 GB. DIR is outside of the repository; the tests find it by CW_REAL_AGENTS=DIR.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { REAL_AGENTS } from '../tests/support/real/real-agents.js';

const [named] = process.argv.slice(2);
if (named === undefined || !relative(process.cwd(), resolve(named)).startsWith('..')) {
  console.error('Name a directory outside of the repository: npm run agents:install -- DIR');
  process.exit(2);
}
const directory = resolve(named);
mkdirSync(directory, { recursive: true });
const manifest = join(directory, 'package.json');
if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
// Each by itself, so that one that cannot be had keeps none of the others away.
for (const { package: name, version } of Object.values(REAL_AGENTS)) {
  const args = ['install', '--prefix', directory, '--no-audit', '--no-fund', `${name}@${version}`];
  try {
    execFileSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  } catch {
    process.exitCode = 1;
    console.error(`${name}@${version} could not be installed.`);
  }
}
