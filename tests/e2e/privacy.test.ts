import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CliHome, openHome } from '../support/cli.js';
import { openDistillerHome, startDistilling, statusOf } from '../support/distiller-home.js';
import { openModelPeer } from '../support/model-peer.js';

const QUIET = { CW_NO_AUTOSTART: '1' };
const CANARY = 'kanarienvogel';

const pieces = (...parts: string[]) => parts.join('');
/** One of each kind, made up; written in pieces, so that no scanner takes this file for a leak. */
const SECRETS: Readonly<Record<string, string>> = {
  'Anthropic key': pieces('sk-ant-api03-', 'xY7'.repeat(31), 'AA'),
  'OpenAI key': pieces('sk-proj-', 'aB3dE5fG7h'.repeat(5)),
  'GitHub token': pieces('ghp_', 'A1b2C3d4E5'.repeat(4).slice(0, 36)),
  'AWS key id': pieces('AKIA', 'Q3EGRJ7Z2KXW5YTN'),
  'Google key': pieces('AIza', 'SyD3x9Kq_7wLm2Vn8Rt5Yb1Uc4Jh6Pf0Zg2'.slice(0, 35)),
  'Slack token': pieces('xoxb-', '123456789012', '-', '987654321098', '-', 'aBcDeFgHiJkLmNoPqRsTuVwX'),
  'Stripe key': pieces('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'),
  'npm token': pieces('npm_', 'kR8vT2xZ5bN7mQ1wE4yU6iO9pA3sD0fGhJkL'),
  'PEM block': ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', '-----END PRIVATE KEY-----'].join(
    '\n',
  ),
  'Authorization header': pieces('Authorization: Bearer ', 'q8Zt4Wm1Xc7Vb2Nn5Mk9Lj3Hg6Fd0Sa'),
  '.env value': pieces('DATABASE_PASSWORD=', 'tr0ub4dor-and-3-horses'),
  'URL password': pieces('postgres://admin:', 's3cretPassw0rdHere', '@db.internal/app'),
};
/** What must not be found of each: the secret part. */
const TELLTALES = Object.values(SECRETS).map(
  (secret) => /(?:Bearer |PASSWORD=|admin:)([^@\s]+)/.exec(secret)?.[1] ?? secret.split('\n').at(1) ?? secret,
);
const ALL = Object.entries(SECRETS)
  .map(([kind, secret]) => `${kind}\n${secret}\n`)
  .join('\n');

/** A session as Claude Code tells of it: one public turn full of secrets, and one that is private as a whole. */
function session(id: string, cwd: string): [event: string, body: object][] {
  const about = { session_id: id, cwd, transcript_path: `${cwd}/none.jsonl` };
  const tool = { tool_name: 'Bash', tool_input: { command: `echo '${ALL}'` } };
  // What rules find something in, so that a model is asked.
  const install = { tool_name: 'Bash', tool_input: { command: 'npm install left-pad', description: ALL } };
  return [
    ['session-start', { ...about, source: 'startup' }],
    [
      'user-prompt-submit',
      { ...about, prompt_id: 'p1', prompt: `Deploy ${CANARY}-free <private>${CANARY}</private>: ${ALL}` },
    ],
    ['post-tool-use', { ...about, ...tool, prompt_id: 'p1', tool_use_id: 't1', tool_response: { stdout: ALL } }],
    ['post-tool-use', { ...about, ...install, prompt_id: 'p1', tool_use_id: 't4', tool_response: { stdout: ALL } }],
    ['post-tool-use-failure', { ...about, ...tool, prompt_id: 'p1', tool_use_id: 't2', error: `Exit code 1\n${ALL}` }],
    ['stop', { ...about, prompt_id: 'p1', last_assistant_message: `Done with ${ALL}` }],
    ['user-prompt-submit', { ...about, prompt_id: 'p2', prompt: `<private>${CANARY}: look at it</private>` }],
    ['post-tool-use', { ...about, ...tool, prompt_id: 'p2', tool_use_id: 't3', tool_response: `${CANARY} result` }],
    ['post-tool-use', { ...about, ...install, prompt_id: 'p2', tool_use_id: 't5', tool_response: `${CANARY} added` }],
    ['stop', { ...about, prompt_id: 'p2', last_assistant_message: `The ${CANARY} sings` }],
    ['session-end', { ...about, reason: 'other' }],
  ].map(([event, body]) => [
    event as string,
    JSON.parse(JSON.stringify(body).replaceAll(`${CANARY}-free`, 'it')) as object,
  ]);
}

async function hooks(home: CliHome, id: string): Promise<void> {
  for (const [event, body] of session(id, home.workspace)) {
    await home.run(['hook', event], { stdin: JSON.stringify(body), env: QUIET });
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

/** The files that hold any of this, as `grep -a` would find it. */
function leaks(home: CliHome): string[] {
  return filesBelow(home.path).flatMap((path) => {
    const text = readFileSync(path, 'latin1');
    return [CANARY, ...TELLTALES].filter((secret) => text.includes(secret)).map((secret) => `${path}: ${secret}`);
  });
}

it('keeps no byte of private parts and secrets in any file, whether a server ran or not', async () => {
  await using home = openHome();
  await hooks(home, 'spooled');
  expect(readdirSync(join(home.path, 'spool')).filter((name) => name.endsWith('.json')).length).toBeGreaterThan(4);
  expect(leaks(home)).toEqual([]);

  await home.run(['start']);
  await hooks(home, 'served');
  await home.run(['memory', 'add', `Remember: ${ALL} <private>${CANARY}</private>`]);
  const found = (await home.json(['memory', 'search', 'Deploy'])) as { items: unknown[] };
  expect(found.items.length).toBeGreaterThan(0);
  expect(leaks(home)).toEqual([]);

  expect(await home.run(['stop'])).toMatchObject({ code: 0 });
  expect(leaks(home)).toEqual([]);
});

it('sends no byte of private parts and secrets to a model', async () => {
  await using peer = await openModelPeer([{ answer: { observations: [] } }, { status: 401 }]);
  await using home = openDistillerHome(peer.url);
  await startDistilling(home);
  await hooks(home, 'served');
  await expect
    .poll(async () => (await statusOf(home)).memory, { timeout: 20_000, interval: 200 })
    .toMatchObject({ waiting: 0, spend: { deadLetters: 1 } });
  const sent = peer.bodies.join('\n');
  // What is public has arrived, with markers for its secrets.
  expect(sent).toContain('left-pad');
  expect(sent).toContain('[redacted:');
  // As sent, and as it reads: a secret may not hide behind JSON's escapes.
  const read = sent.replaceAll(/\\+(?:u003c|n|")/g, ' ');
  expect([CANARY, ...TELLTALES].filter((secret) => sent.includes(secret) || read.includes(secret))).toEqual([]);
  expect(leaks(home)).toEqual([]);
});
