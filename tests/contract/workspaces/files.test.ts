import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedFiles, countFiles, listFiles } from '../../../src/infrastructure/workspaces/file-jobs.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { git, HAS_GIT } from '../../support/git.js';

/** A directory with these files; the text of most does not matter. */
async function openFiles(files: Readonly<Record<string, string>> | readonly string[]) {
  const directory = await temporaryDirectory();
  const named = Array.isArray(files) ? Object.fromEntries(files.map((name: string) => [name, 'x'])) : files;
  const at = (path: string) => join(directory.path, path);
  for (const [path, text] of Object.entries(named as Record<string, string>)) {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), text);
  }
  const list = async (match: string | null = null) => {
    const page = await listFiles({ root: directory.path, after: null, match, limit: 100 });
    return page.items.map(({ path }) => path);
  };
  return { root: directory.path, at, list, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe('the files of a workspace', () => {
  it('come in the order of their paths, page by page, each once', async () => {
    await using opened = await openFiles(['b', 'a/x', 'a.b', 'a-b', 'a/b/c', 'a/b.c', 'Z', 'ä/ö', 'c/d/e/f', 'c/d!']);
    const all = await opened.list();
    expect(all).toEqual([...all].sort((x, y) => (x < y ? -1 : 1)));
    expect(all).toHaveLength(10);
    for (const limit of [1, 2, 3, 9]) {
      const paged: string[] = [];
      let after: string | null = null;
      do {
        const page = await listFiles({ root: opened.root, after, match: null, limit });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        paged.push(...page.items.map(({ path }) => path));
        after = page.nextCursor;
      } while (after !== null);
      expect(paged).toEqual(all);
    }
    const [first] = (await listFiles({ root: opened.root, after: null, match: null, limit: 1 })).items;
    expect(first).toMatchObject({ path: 'Z', bytes: 1 });
  });

  it('are those that the filter lets through', async () => {
    await using opened = await openFiles(['src/main.ts', 'src/main.test.ts', 'docs/main.md', '*.ts']);
    expect(await opened.list('main')).toEqual(['docs/main.md', 'src/main.test.ts', 'src/main.ts']);
    expect(await opened.list('src/*.test')).toEqual(['src/main.test.ts']);
    expect(await opened.list('nothing')).toEqual([]);
  });

  it('are without what is ignored by default and by .gitignore, nested, re-included and from above', async (context) => {
    context.skip(!HAS_GIT, 'git is not installed');
    await using opened = await openFiles({
      '.gitignore': '*.log\n!keep.log\nbuild/\n/only-here\nsub/secret\n# comment\n\n!dist\n\\!odd\n',
      'a.log': '',
      'keep.log': '',
      'build/x': '',
      'deep/build/x': '',
      'only-here': '',
      'deep/only-here': '',
      'sub/secret': '',
      'sub/.gitignore': '*\n!.gitignore\n!*.ts\n',
      'sub/a.js': '',
      'sub/a.ts': '',
      'dist/kept': '',
      'node_modules/m/index.js': '',
      '!odd': '',
      'deep/build.txt': '',
    });
    git(opened.root, 'init', '--quiet');
    // Git is the judge; it only has no default of its own for node_modules.
    const judged = git(
      opened.root,
      '-c',
      'core.quotePath=false',
      'ls-files',
      '--cached',
      '--others',
      '--exclude-standard',
    )
      .split('\n')
      .filter((path) => !path.startsWith('node_modules/'))
      .sort();
    expect(await opened.list()).toEqual(judged);
    const below = await listFiles({ root: opened.at('deep'), after: null, match: null, limit: 100 });
    expect(below.items.map(({ path }) => path)).toEqual(['build.txt', 'only-here']);
    await expect(countFiles({ root: opened.root })).resolves.toEqual({
      files: judged.length,
      directories: 4,
      complete: true,
    });
  });

  it('are named as they are, and neither links nor pipes stop a walk', async () => {
    await using opened = await openFiles(['new\nline', 'tab\t', 'shut/inside', 'deep/file', '\\back', '..dots', ' ']);
    await symlink('.', opened.at('deep/circle'));
    await symlink('/', opened.at('everything'));
    await symlink('nowhere', opened.at('broken'));
    execFileSync('mkfifo', [opened.at('pipe'), opened.at('deep/.gitignore')]);
    expect(await opened.list()).toEqual([
      ' ',
      '..dots',
      '\\back',
      'broken',
      'deep/circle',
      'deep/file',
      'everything',
      'new\nline',
      'shut/inside',
      'tab\t',
    ]);
  });

  it('leave out a directory that may not be read, and go on', async () => {
    await using opened = await openFiles(['a', 'shut/inside', 'z']);
    await chmod(opened.root, 0o755);
    await chmod(opened.at('shut'), 0o000);
    // Root may read everything, so the test is nobody meanwhile.
    if (process.getuid?.() === 0) process.seteuid?.(65_534);
    try {
      expect(await opened.list()).toEqual(['a', 'z']);
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
      await chmod(opened.at('shut'), 0o700);
    }
  });

  it('of a directory that is gone are not found', async () => {
    const gone = { code: 'not_found', message: 'There is no directory /nowhere/at/all.' };
    const request = { root: '/nowhere/at/all', after: null, match: null, limit: 1 };
    await expect(listFiles(request)).rejects.toMatchObject(gone);
    await expect(countFiles(request)).rejects.toMatchObject(gone);
  });

  it('are not held up by rules that would take for ever', async () => {
    await using opened = await openFiles({
      '.gitignore': `${'*a'.repeat(40)}b\n${'**/a/'.repeat(30)}\n*.ok\n${'x'.repeat(100_000)}\n`,
      ['a'.repeat(200)]: '',
      'b.ok': '',
    });
    expect(await opened.list()).toEqual(['.gitignore', 'a'.repeat(200)]);
  });

  it('that changed since a time are found by comparing, what was removed by its directory', async () => {
    await using opened = await openFiles(['old', 'dir/old', 'gone/removed', 'node_modules/new']);
    const since = Date.now();
    // A file system's clock has ticks of some milliseconds; a link count cannot be set, so time must pass.
    while (Date.now() < since + 20) await new Promise(setImmediate);
    await writeFile(opened.at('dir/new'), 'x');
    await utimes(opened.at('dir/old'), 1, 1);
    await rm(opened.at('gone/removed'));
    await writeFile(opened.at('node_modules/new'), 'y');
    expect(await changedFiles({ root: opened.root, since: since + 1 })).toEqual({
      count: 3,
      paths: ['dir/new', 'dir/old', 'gone'],
      complete: true,
    });
    expect(await changedFiles({ root: opened.root, since: Date.now() + 60_000 })).toMatchObject({ count: 0 });
  });
});
