import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openHome, type Ran } from '../support/cli.js';

const SHELL = ['spawn', '--agent', 'shell'];
const NO_TASK = 'task_00000000001';

describe('what cannot be meant is refused with one sentence and an exit code', () => {
  const home = openHome();
  writeFileSync(join(home.workspace, 'file'), '');
  mkdirSync(home.path, { mode: 0o700 });
  const agents = { ghost: { protocol: 'command', command: 'no-such-program-anywhere' } };
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ agents }), { mode: 0o600 });
  afterAll(() => home[Symbol.asyncDispose]());

  it.each<[what: string, code: number, sentence: RegExp, args: string[]]>([
    ['no command', 2, /Usage: cw/, []],
    ['an unknown command', 2, /^unknown command 'taks'/, ['taks']],
    ['a group without a command', 2, /Usage: cw task/, ['task']],
    ['an unknown option', 2, /^unknown option '--wiat'/, [...SHELL, '--wiat', 'x']],
    ['a prompt that is missing', 2, /^Say what the agent should do: cw spawn <prompt…>, or --graph FILE\./, ['spawn']],
    ['an empty prompt', 2, /^The prompt is empty/, [...SHELL, '']],
    ['a prompt of spaces', 2, /^The prompt is empty/, [...SHELL, ' ', '\n']],
    ['an unknown agent', 2, /nobody/, ['spawn', '--agent', 'nobody', 'x']],
    ['an agent with a name that is none', 2, /agent/i, ['spawn', '--agent', '../x', 'x']],
    ['an agent whose program is missing', 1, /no-such-program-anywhere/, ['spawn', '--agent', 'ghost', 'x']],
    ['a workspace that does not exist', 2, /nowhere/, [...SHELL, '--workspace', 'nowhere', 'x']],
    ['a workspace that is a file', 2, /file/, [...SHELL, '--workspace', 'file', 'x']],
    ['a workspace id that is unknown', 3, /no workspace/i, [...SHELL, '--workspace', 'workspace_00000000001', 'x']],
    ['a priority out of range', 2, /priority/, [...SHELL, '--priority', '1001', 'x']],
    ['a priority that is no number', 2, /^--priority is "high"/, [...SHELL, '--priority', 'high', 'x']],
    ['no attempts', 2, /maxAttempts/, [...SHELL, '--max-attempts', '0', 'x']],
    ['a delay of 1e12', 2, /^--delay is "1e12"; write a duration/, [...SHELL, '--delay', '1e12', 'x']],
    ['a delay of 31 years', 2, /^delayMs: A delay .* ten years\.$/m, [...SHELL, '--delay', '1000000000000ms', 'x']],
    ['a delay without end', 2, /^--delay is "999999999d"; write a duration/, [...SHELL, '--delay', '999999999d', 'x']],
    ['a delay without a unit', 2, /^--delay is "10"/, [...SHELL, '--delay', '10', 'x']],
    ['a time that is none', 2, /^--at is "soon"/, [...SHELL, '--at', 'soon', 'x']],
    ['a day that is none', 2, /^--at is "2090-02-31"/, [...SHELL, '--at', '2090-02-31', 'x']],
    ['a time in the past', 2, /in the past/, [...SHELL, '--at', '2001-01-01', 'x']],
    ['a delay and a time', 2, /not both/, [...SHELL, '--at', '10:00', '--delay', '1m', 'x']],
    ['a time limit of nothing', 2, /timeoutMs/, [...SHELL, '--timeout', '0s', 'x']],
    ['to come after what is no id', 2, /^"x" is not the id of a task/, [...SHELL, '--after', 'x', 'x']],
    ['to come after an unknown task', 3, new RegExp(NO_TASK), [...SHELL, '--after', NO_TASK, 'x']],
    ['a unique key that is empty', 2, /unique/, [...SHELL, '--unique', '', 'x']],
    ['to show what is no id', 2, /^"12" is not the id of a task/, ['task', 'show', '12']],
    ['to show an id of another kind', 2, /is not the id of a task/, ['task', 'show', 'agent_00000000001']],
    ['to show an unknown task', 3, new RegExp(NO_TASK), ['task', 'show', NO_TASK]],
    ['the output of an unknown task', 3, new RegExp(NO_TASK), ['task', 'logs', NO_TASK]],
    ['to follow an unknown task', 3, new RegExp(NO_TASK), ['task', 'logs', '-f', NO_TASK]],
    ['the result of an unknown task', 3, new RegExp(NO_TASK), ['task', 'result', NO_TASK, '--json']],
    ['to cancel an unknown task', 3, new RegExp(NO_TASK), ['task', 'cancel', NO_TASK]],
    ['to retry an unknown task', 3, new RegExp(NO_TASK), ['task', 'retry', NO_TASK]],
    ['to stop an unknown agent', 3, /agent_00000000001/, ['agent', 'stop', 'agent_00000000001']],
    ['to show an unknown session', 3, /session_00000000001/, ['session', 'show', 'session_00000000001']],
    ['to remove a directory that is not registered', 3, /not a registered/, ['workspace', 'remove', '/']],
    ['to scan a directory that is not registered', 3, /not a registered/, ['workspace', 'scan', '/']],
    ['to scan an unknown workspace', 3, /workspace_00000000001/, ['workspace', 'scan', 'workspace_00000000001']],
    ['to add a file', 2, /file/, ['workspace', 'add', 'file']],
    ['an unknown status', 2, /--status/, ['task', 'list', '--status', 'lost']],
    ['a limit of nothing', 2, /^--limit is 0/, ['task', 'list', '--limit', '0']],
    ['a cursor that is none', 2, /^--cursor is "x"/, ['task', 'list', '--cursor', 'x']],
    ['a position that is none', 2, /^--from is "x"/, ['watch', '--from', 'x']],
    ['an event type that is none', 2, /type/, ['watch', '--type', 'TASK']],
    ['a port that is none', 2, /^--port is 70000/, ['serve', '--port', '70000']],
    ['a setting that is unknown', 3, /no setting pool\.maximum/, ['config', 'get', 'pool.maximum']],
    ['to set what is unknown', 2, /pool\.maximum: there is no such setting/, ['config', 'set', 'pool.maximum', '3']],
    ['to set a wrong type', 2, /pool\.max/, ['config', 'set', 'pool.max', 'many']],
    ['to set a prototype', 2, /no such setting/, ['config', 'set', '__proto__.max', '3']],
  ])('%s: %i', async (_what, code, sentence, args) => {
    const ran = await home.run(args);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(sentence);
    if (!ran.stderr.includes('Usage:')) expectOneSentence(ran);
  });

  it('a prompt of 2 MB: 2', async () => {
    const ran = await home.run([...SHELL, '-'], { stdin: 'x'.repeat(2_000_000) });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^The prompt is too long: it may have 262144 characters/);
    expectOneSentence(ran);
  });

  it('a prompt as long as one may be is taken', async () => {
    const prompt = `: ${'x'.repeat(262_142)}`;
    expect(await home.json([...SHELL, '--delay', '1d', '-'], { stdin: prompt })).toMatchObject({ prompt });
  });

  it('to change a task in a state that does not allow it: 4', async () => {
    const { id } = (await home.json([...SHELL, '--wait', 'true'])) as { id: string };
    for (const verb of ['cancel', 'retry']) {
      const ran = await home.run(['task', verb, id]);
      expect(ran).toMatchObject({ code: 4, stdout: '', stderr: `Cannot ${verb} ${id}: it is completed.\n` });
    }
    const waiting = (await home.json([...SHELL, '--delay', '1d', 'true'])) as { id: string };
    expect(await home.run(['task', 'result', waiting.id])).toMatchObject({ code: 4, stdout: '' });
  });

  it('with --json the sentence is on stderr too, and stdout stays empty', async () => {
    const ran = await home.run(['task', 'show', NO_TASK, '--json']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expectOneSentence(ran);
  });
});

const MODEL = { provider: 'openai', model: 'm', apiKeyEnv: 'MODEL_KEY' };

function distiller(settings: unknown): string {
  return JSON.stringify({ memory: { distiller: settings } });
}

describe('a configuration that cannot be used', () => {
  it.each([
    ['bad JSON', '{ "pool": ', /^.*config\.json is not valid JSON/],
    ['an unknown key', '{ "pool": { "maximum": 3 } }', /config\.json, pool\.maximum: there is no such setting/],
    ['a wrong type', '{ "pool": { "max": "3" } }', /config\.json, pool\.max: /],
    ['no object', '[]', /config\.json, the document: /],
    ['a distiller by its name alone', distiller('claude'), /memory\.distiller: it must be "rules", an object .*agent/],
    [
      'a model of nobody',
      distiller({ ...MODEL, provider: 'acme' }),
      /memory\.distiller: it must be "rules", an object /,
    ],
    ['an agent with a key', distiller({ agent: 'claude', apiKeyEnv: 'K' }), /distiller\.apiKeyEnv: there is no such/],
    ['a key in the file', distiller({ ...MODEL, apiKey: 'k' }), /memory\.distiller\.apiKey: there is no such setting/],
    [
      'a limit of money without prices',
      distiller({ ...MODEL, dailyUsd: 1 }),
      /memory\.distiller\.prices: it must be given with/,
    ],
    ['an address that is none', distiller({ ...MODEL, baseUrl: 'here' }), /memory\.distiller\.baseUrl: invalid URL/],
  ])('%s is one sentence with its place, exit 78, and nothing else happens', async (_what, text, sentence) => {
    await using home = openHome();
    mkdirSync(home.path, { mode: 0o700 });
    writeFileSync(join(home.path, 'config.json'), text, { mode: 0o600 });
    for (const args of [
      ['start'],
      [...SHELL, 'x'],
      ['serve'],
      ['config', 'list'],
      ['config', 'set', 'pool.max', '3'],
    ]) {
      const ran = await home.run(args);
      expect(ran, args.join(' ')).toMatchObject({ code: 78, stdout: '' });
      expect(ran.stderr).toMatch(sentence);
      expectOneSentence(ran);
    }
    expect(await home.json(['status'])).toMatchObject({ server: null });
  });

  it.each([
    ['CW_PORT', 'http'],
    ['CW_LOG_LEVEL', 'loud'],
  ])('%s=%s is one sentence, exit 78', async (name, value) => {
    await using home = openHome();
    const ran = await home.run(['status'], { env: { [name]: value } });
    expect(ran).toMatchObject({ code: 78, stdout: '' });
    expect(ran.stderr).toMatch(new RegExp(`^${name} is "${value}"`));
    expectOneSentence(ran);
  });
});

function expectOneSentence({ stderr }: Ran): void {
  const lines = stderr.trimEnd().split('\n');
  // Commander adds what the user may have meant in a line of its own.
  expect(
    lines.filter((line) => !line.startsWith('(Did you mean')),
    stderr,
  ).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |node:internal|Something unexpected/);
}
