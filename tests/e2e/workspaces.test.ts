import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClient } from '../../src/interfaces/client/client.js';
import { openHome } from '../support/cli.js';
import { git, HAS_GIT, initRepository } from '../support/git.js';

it('a workspace is scanned: its files without the ignored ones, its branch, what is dirty', async (context) => {
  context.skip(!HAS_GIT, 'git is not installed');
  await using home = openHome();
  const { workspace } = home;
  const head = initRepository(workspace);
  git(workspace, 'remote', 'add', 'origin', 'git@github.com:me/project.git');
  mkdirSync(join(workspace, 'node_modules'));
  for (const name of ['a.ts', 'b.log', 'node_modules/x.js']) writeFileSync(join(workspace, name), '');
  writeFileSync(join(workspace, '.gitignore'), '*.log\n');
  const facts = { repository: 'github.com/me/project', branch: 'main', head };
  const { id } = (await home.json(['workspace', 'add'])) as { id: string };
  expect(await home.json(['workspace', 'scan'])).toEqual({
    workspace: expect.objectContaining({ id, path: workspace, ...facts, dirty: true }) as unknown,
    files: 2,
    directories: 1,
    complete: true,
  });
  const text = await home.run(['workspace', 'scan', id]);
  expect(text.stdout).toBe(
    `${workspace}: 2 files in 1 directory\nmain, at ${head.slice(0, 8)}, dirty, github.com/me/project\n`,
  );
  expect((await home.run(['workspace', 'list'])).stdout).toMatch(/BRANCH\s+STATE[\s\S]*main\s+dirty/);
  git(workspace, 'add', '.');
  git(workspace, 'commit', '--quiet', '--message=all');
  await home.run(['workspace', 'scan', workspace]);
  expect(await home.json(['workspace', 'list'])).toMatchObject({
    items: [{ ...facts, head: git(workspace, 'rev-parse', 'HEAD'), dirty: false }],
  });

  await using client = createClient({ socketPath: join(home.path, 'cw.sock') });
  const { items } = await client.workspace.files.query({ workspaceId: id as never });
  expect(items.map(({ path }) => path)).toEqual(['.gitignore', 'a.ts']);
});

it('a workspace without git is one all the same, and one that is gone is a sentence', async () => {
  await using home = openHome();
  const path = join(home.workspace, 'plain');
  mkdirSync(path);
  await home.run(['workspace', 'add', path]);
  const ran = await home.run(['workspace', 'scan', path]);
  expect(ran).toMatchObject({ code: 0, stdout: `${path}: 0 files in 1 directory\nno git repository\n` });

  rmdirSync(path);
  expect(await home.run(['workspace', 'scan', path])).toMatchObject({
    code: 3,
    stdout: '',
    stderr: `There is no directory ${path}.\n`,
  });
});

it('what changes in a workspace is an event, soon after it was registered and after a restart', async (context) => {
  context.skip(!HAS_GIT, 'git is not installed');
  await using home = openHome();
  const { workspace } = home;
  const head = initRepository(workspace);
  const { id } = (await home.json(['workspace', 'add'])) as { id: string };
  const changes = async () => {
    const lines = await home.json(['workspace', 'list']);
    await using client = createClient({ socketPath: join(home.path, 'cw.sock') });
    const { items } = await client.event.list.query({ types: ['workspace.changed'] });
    return { lines, items };
  };
  // Git is asked without being told to.
  await expect.poll(async () => (await changes()).lines).toMatchObject({ items: [{ id, head, dirty: false }] });
  for (const name of ['first', 'second']) {
    let tries = 0;
    const seen = async () => {
      // The watch may not stand yet when the first of these is written.
      writeFileSync(join(workspace, name), String((tries += 1)));
      return (await changes()).items.flatMap(({ data }) => data['paths']);
    };
    await expect.poll(seen, { timeout: 15_000, interval: 300 }).toContain(name);
    expect((await home.run(['restart'])).code).toBe(0);
  }
});
