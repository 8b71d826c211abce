import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileChanges } from '../../../src/domain/workspace/workspace.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { changedFiles } from '../../../src/infrastructure/workspaces/file-jobs.js';
import { createFileWatcher, type FileWatcherOptions } from '../../../src/infrastructure/workspaces/file-watcher.js';
import { watchDirectory } from '../../../src/infrastructure/workspaces/watch-directory.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { createManualTime } from '../../support/manual-time.js';

/** A watched directory. Batches and notices come as the watcher tells them. */
async function openWatch(
  prepare: (at: (path: string) => string) => Promise<void>,
  options: Partial<FileWatcherOptions> = {},
) {
  const directory = await temporaryDirectory();
  const root = join(directory.path, 'root');
  const at = (path: string) => join(root, path);
  await mkdir(root);
  await prepare(at);
  const opened = new Set<string>();
  const batches: FileChanges[] = [];
  const notices: (string | null)[] = [];
  const watcher = createFileWatcher({
    timer,
    logger: { warn() {}, error: (message, details) => expect.fail(`${message}: ${JSON.stringify(details)}`) },
    files: { changedSince: (path, since) => changedFiles({ root: path, since }) },
    watchDirectory: (path, listener) => {
      const watch = watchDirectory(path, listener);
      opened.add(path);
      return watch;
    },
    ...options,
  });
  const watch = watcher.watch(root, {
    changed: (changes) => batches.push(changes),
    noticed: (notice) => notices.push(notice),
  });
  return {
    at,
    root,
    batches,
    notices,
    opened,
    /** All paths told of so far. */
    paths: () => [...new Set(batches.flatMap(({ paths }) => paths))].sort(),
    watches: (...paths: string[]) => expect.poll(() => paths.every((path) => opened.has(at(path)))).toBe(true),
    async [Symbol.asyncDispose]() {
      watch.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('a watched directory', () => {
  it('tells of what is made, changed and removed at any depth, in batches, and of nothing that is ignored', async () => {
    await using opened = await openWatch(async (at) => {
      await mkdir(at('a/b'), { recursive: true });
      await mkdir(at('node_modules/m'), { recursive: true });
      await mkdir(at('.git'));
      await mkdir(at('build'));
      await writeFile(at('.gitignore'), '*.log\nbuild/\n');
      await writeFile(at('a/b/old'), '');
      await symlink('..', at('a/circle'));
    });
    const { at, paths, batches } = opened;
    await opened.watches('', 'a', 'a/b');
    await rm(at('a/b/old'));
    for (const path of ['one', 'a/two', 'a/b/three', 'x.log', 'node_modules/m/x', '.git/x', 'build/x', 'a/new\nline']) {
      await writeFile(at(path), 'x');
    }
    await expect.poll(paths).toEqual(['a/b/old', 'a/b/three', 'a/new\nline', 'a/two', 'one']);
    expect(batches.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(5);
    expect([...opened.opened].sort()).toEqual(
      [at(''), at('a'), at('a/b')].map((path) => path.replace(/\/$/, '')).sort(),
    );
  });

  it('follows directories that come, go, move and come again', async () => {
    await using opened = await openWatch(async (at) => mkdir(at('a')));
    const { at, paths } = opened;
    await opened.watches('', 'a');
    await mkdir(at('new/deep'), { recursive: true });
    await writeFile(at('new/deep/first'), '');
    await expect.poll(paths).toContain('new/deep/first');
    await rename(at('new'), at('moved'));
    await opened.watches('moved/deep');
    await writeFile(at('moved/deep/second'), '');
    await expect.poll(paths).toContain('moved/deep/second');
    await rm(at('a'), { recursive: true });
    await mkdir(at('a'));
    await writeFile(at('a/third'), '');
    await expect.poll(paths).toContain('a/third');
    await writeFile(at('a/fourth'), '');
    await expect.poll(paths).toContain('a/fourth');
  });

  it('keeps to rules that change', async () => {
    await using opened = await openWatch(async (at) => mkdir(at('out')));
    const { at, paths } = opened;
    await opened.watches('', 'out');
    await writeFile(at('.gitignore'), 'out\n*.tmp\n');
    await expect.poll(paths).toContain('.gitignore');
    await writeFile(at('x.tmp'), '');
    await writeFile(at('out/ignored'), '');
    await writeFile(at('seen'), '');
    await expect.poll(paths).toContain('seen');
    expect(paths()).not.toContain('x.tmp');
    opened.opened.clear();
    await rm(at('.gitignore'));
    await opened.watches('out');
    await writeFile(at('out/again'), '');
    await expect.poll(paths).toContain('out/again');
  });

  it('counts exactly and names a hundred', async () => {
    await using opened = await openWatch(async (at) => mkdir(at('many')));
    const { at, batches } = opened;
    await opened.watches('many');
    for (let n = 0; n < 1_000; n += 1) await writeFile(at(`many/${n}`), '');
    const all = () => batches.reduce((sum, { count }) => sum + count, 0);
    await expect.poll(all, { timeout: 10_000 }).toBeGreaterThanOrEqual(1_000);
    // A file may be made in one batch and written in the next.
    expect(all()).toBeLessThanOrEqual(1_000 + batches.length);
    expect(Math.max(...batches.map(({ paths }) => paths.length))).toBeLessThanOrEqual(100);
  });

  it('that goes away says so, and is watched again when it is back, with the one above gone too', async () => {
    await using opened = await openWatch(async (at) => mkdir(at('deep')));
    const { at, notices, paths, root } = opened;
    await opened.watches('', 'deep');
    await rm(root, { recursive: true });
    await expect.poll(() => notices).toEqual(['The directory is gone; it is watched again when it is back.']);
    opened.opened.clear();
    await mkdir(at('deep'), { recursive: true });
    await opened.watches('deep');
    expect(notices.at(-1)).toBeNull();
    await writeFile(at('deep/file'), '');
    await expect.poll(paths).toContain('deep/file');
  });

  it('with too many directories is watched near its top, and says so', async () => {
    await using opened = await openWatch(
      async (at) => {
        for (let n = 0; n < 20; n += 1) await mkdir(at(`d${n}/deep`), { recursive: true });
      },
      { maxDirectories: 10 },
    );
    await expect.poll(() => opened.notices.length).toBe(1);
    expect(opened.notices[0]).toMatch(/^Only the 10 directories nearest to the top are watched; /);
    await expect.poll(() => opened.opened.size).toBe(10);
    expect([...opened.opened].some((path) => path.endsWith('deep'))).toBe(false);
  });
});

it('the data directory of the server is not watched, within a workspace or as one', async () => {
  await using directory = await temporaryDirectory();
  const exclude = join(directory.path, 'home');
  await mkdir(exclude);
  const batches: FileChanges[] = [];
  const notices: (string | null)[] = [];
  const opened: string[] = [];
  const watcher = createFileWatcher({
    timer,
    logger: { warn() {}, error() {} },
    files: { changedSince: (root, since) => changedFiles({ root, since }) },
    exclude,
    watchDirectory: (path, listener) => {
      opened.push(path);
      return watchDirectory(path, listener);
    },
  });
  const listener = {
    changed: (changes: FileChanges) => void batches.push(changes),
    noticed: (notice: string | null) => void notices.push(notice),
  };
  const around = watcher.watch(directory.path, listener);
  watcher.watch(exclude, listener);
  expect(notices).toEqual(['The data directory of the server is not watched.']);
  await expect.poll(() => opened.length).toBe(1);
  await writeFile(join(exclude, 'cw.db'), 'x');
  await writeFile(join(directory.path, 'seen'), 'x');
  const paths = () => batches.flatMap((batch) => batch.paths);
  await expect.poll(paths).toEqual(['seen']);
  expect(opened).toEqual([directory.path]);
  around.close();
  expect((await changedFiles({ root: directory.path, since: 0, exclude })).paths).toEqual(['seen']);
});

describe('where the system watches no more', () => {
  it.each(['ENOSPC', 'EMFILE'])('changes are looked for now and then (%s)', async (code) => {
    const time = createManualTime();
    let allowed = 2;
    await using opened = await openWatch(
      async (at) => {
        await mkdir(at('a/b/c'), { recursive: true });
      },
      {
        timer: time.timer,
        watchDirectory: (path, listener) => {
          allowed -= 1;
          if (allowed < 0) throw Object.assign(new Error('no more'), { code });
          return watchDirectory(path, listener);
        },
      },
    );
    const { at, batches, notices } = opened;
    await expect.poll(() => notices.length).toBe(1);
    expect(notices[0]).toContain(
      `The system watches no more directories (${code}), so changes are looked for every 30 s`,
    );
    expect(time.pending()).toBe(1);
    await writeFile(at('a/b/c/file'), '');
    time.advance(29_999);
    expect(batches).toEqual([]);
    time.advance(1);
    await expect.poll(() => batches).toEqual([{ count: 1, paths: ['a/b/c/file'] }]);
    await expect.poll(() => time.pending()).toBe(1);
  });
});
