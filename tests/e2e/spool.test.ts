import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { homePaths } from '../../src/home/home-paths.js';
import { fetchHealth } from '../../src/interfaces/client/client.js';
import { type CliHome, openHome } from '../support/cli.js';
import { recordedHooks } from '../support/hooks/hook-fixtures.js';
import { dumpMemory, type MemoryDump } from '../support/hooks/memory-dump.js';
import { needsKit } from '../support/kit.js';

/** Hooks that are run at once. */
const AT_ONCE = 4;
const QUIET = { CW_NO_AUTOSTART: '1' };

interface Hook {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Two recorded sessions, of Claude Code and of Gemini, which names neither turns nor tool uses. */
const HOOKS = recordedHooks('/work/of/$WORK', '/home/of/$HOME')
  .filter(({ file }) => file === 'claude-2.1.328/hooks.stdin.jsonl' || file === 'gemini-0.61.0/hooks.stdin.jsonl')
  // Nothing is remembered of these, and each is a process.
  .filter(({ name }) => !/model|selection|display|batch|pre-|before-tool/.test(name));

async function runHooks(home: CliHome, hooks: readonly Hook[]): Promise<void> {
  const left = [...hooks];
  const work = async () => {
    for (let hook = left.shift(); hook !== undefined; hook = left.shift()) {
      const ran = await home.run(['hook', hook.name], { stdin: JSON.stringify(hook.body), env: QUIET });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function spooled(home: CliHome): string[] {
  return readdirSync(join(home.path, 'spool')).filter((name) => !name.startsWith('.'));
}

/** Starts a server, waits until it has taken in the spool, and ends it. */
async function takeIn(home: CliHome): Promise<MemoryDump> {
  await home.run(['start']);
  await emptied(home);
  expect(await home.run(['stop'])).toMatchObject({ code: 0 });
  return dumpMemory(join(home.path, 'cw.db'));
}

/** Resolves when nothing of the spool is left; each look is a request that the server answers in its turn. */
async function emptied(home: CliHome): Promise<void> {
  const { socket: socketPath } = homePaths(home.path);
  while (spooled(home).length > 0) await fetchHealth({ socketPath });
}

describe('the spool', () => {
  it('brings what hooks could not deliver to the next server, as if it had run all the time, and once', async ({
    skip,
  }) => {
    needsKit(skip);
    await using served = openHome();
    await served.run(['start']);
    await runHooks(served, HOOKS);
    expect(await served.run(['stop'])).toMatchObject({ code: 0 });
    const expected = dumpMemory(join(served.path, 'cw.db'));

    await using alone = openHome();
    await runHooks(alone, HOOKS);
    expect(spooled(alone)).toHaveLength(HOOKS.length);
    const taken = await takeIn(alone);
    expect(taken).toEqual(expected);

    await runHooks(alone, HOOKS);
    expect(await takeIn(alone)).toEqual(taken);
  });

  it('is read while the server runs, too', async () => {
    await using home = openHome();
    await home.run(['start']);
    const event = { session_id: 's', cwd: home.workspace, hook_event_name: 'UserPromptSubmit', prompt: 'Hello' };
    const file = { name: 'user-prompt-submit', source: 'claude', id: '1', at: 1_800_000_000_000, body: event };
    // As `cw hook` does when the server is frozen: beside, then renamed; a plain write may be read half.
    const spool = join(home.path, 'spool');
    writeFileSync(join(spool, '.event.json'), JSON.stringify(file));
    renameSync(join(spool, '.event.json'), join(spool, 'event.json'));
    await emptied(home);
    expect(await home.json(['session', 'list'])).toMatchObject({
      items: [{ title: 'Hello', source: 'claude' }],
    });
  });

  it('puts aside what is no event, and goes on', async () => {
    await using home = openHome();
    const spool = join(home.path, 'spool');
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    const files = {
      '1.json': '',
      '2.json': '{"name":',
      '3.json': '[]',
      '4.json': '{"name":"stop","id":"x","at":1,"body":7}',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(spool, name), text);
    await runHooks(home, [
      { name: 'user-prompt-submit', body: { session_id: 's', cwd: home.workspace, prompt: 'Hello' } },
    ]);
    const { prompts } = await takeIn(home);
    expect(prompts).toHaveLength(1);
    expect(readdirSync(join(spool, '.rejected')).sort()).toEqual(Object.keys(files));
  });
});

describe('cw hook session-start', () => {
  it('starts a server where none runs', async () => {
    await using home = openHome();
    const body = { session_id: 's', cwd: home.workspace, hook_event_name: 'SessionStart', source: 'startup' };
    expect(await home.run(['hook', 'session-start'], { stdin: JSON.stringify(body) })).toMatchObject({ code: 0 });
    const { socket: socketPath } = homePaths(home.path);
    await expect.poll(async () => (await fetchHealth({ socketPath })).found, { timeout: 20_000 }).toBe(true);
    await emptied(home);
    expect(await home.json(['session', 'list'])).toMatchObject({ items: [{ source: 'claude' }] });
  });
});
