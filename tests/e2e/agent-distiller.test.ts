import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openHome } from '../support/cli.js';
import {
  observationsIn,
  openAgentDistillerHome,
  startDistilling,
  statusOf,
  takeTurn,
} from '../support/distiller-home.js';

const WAIT = { timeout: 20_000, interval: 200 };

/** Answers with one observation that tells where it works, as its hooks would tell of a session of its own there. */
const TELLS = `
  const cwd = process.cwd();
  const made = { type: 'change', title: 'Told in ' + cwd, narrative: '', facts: [], concepts: [], filesRead: [],
    filesModified: [], uses: [1] };
  process.stdin.resume().on('end', () => console.log('\`\`\`json\\n' + JSON.stringify({ observations: [made] }) + '\\n\`\`\`'));`;

it('has an agent distil: in a place of its own that is gone after it, and what it cost is counted', async () => {
  await using home = openAgentDistillerHome(TELLS);
  await startDistilling(home);
  await takeTurn(home, 1);
  await expect.poll(async () => (await statusOf(home)).memory.waiting, WAIT).toBe(0);
  const place = join(home.path, 'distiller');
  expect(await observationsIn(home)).toMatchObject([{ origin: 'model', title: `Told in ${join(place, 'work')}` }]);
  expect((await statusOf(home)).memory.spend).toMatchObject({ calls: 1, deadLetters: 0 });
  expect(existsSync(place)).toBe(false);
});

it('ends an agent that distils when the server stops, and distils what waits at the next start', async () => {
  await using home = openAgentDistillerHome(`
    const flag = process.env.CW_HOME + '/logs/asked';
    if (require('node:fs').existsSync(flag)) { ${TELLS} }
    else { require('node:fs').writeFileSync(flag, ''); setInterval(() => {}, 1000); }`);
  await startDistilling(home);
  await takeTurn(home, 1);
  await expect.poll(() => existsSync(join(home.path, 'logs', 'asked')), WAIT).toBe(true);
  expect(await home.run(['stop'])).toMatchObject({ code: 0 });
  expect(existsSync(join(home.path, 'distiller'))).toBe(false);
  await startDistilling(home);
  await expect.poll(() => observationsIn(home), WAIT).toMatchObject([{ origin: 'model', toolUses: ['t1'] }]);
});

it.each([
  ['nobody', /memory\.distiller\.agent is "nobody", and there is no such agent profile; there are /],
  ['shell', /memory\.distiller\.agent is "shell", which runs what it is told as a command/],
])('refuses %s as a distiller in one sentence', async (agent, sentence) => {
  await using home = openHome();
  mkdirSync(home.path, { mode: 0o700 });
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ memory: { distiller: { agent } } }), { mode: 0o600 });
  const ran = await home.run(['serve']);
  expect(ran.code).toBe(78);
  expect(ran.stderr).toMatch(sentence);
});
