import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { git, HAS_GIT, initRepository, openRepositories } from '../../support/git.js';

const NONE = { repository: null, branch: null, head: null, dirty: null };
const { signal } = new AbortController();

beforeEach((context) => context.skip(!HAS_GIT, 'git is not installed'));

/** A repository `project` with one commit, in a directory of its own. */
async function openProject() {
  const directory = await temporaryDirectory();
  const at = (...names: string[]) => join(directory.path, ...names);
  await mkdir(at('project', 'deep', 'er'), { recursive: true });
  const head = initRepository(at('project'));
  return { at, head, project: at('project'), [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe('a repository', () => {
  it('is found from any directory within, and is named by its remote', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    git(project, 'remote', 'add', 'backup', 'https://example.com/backup.git');
    git(project, 'remote', 'add', 'origin', 'https://me:secret@GitHub.com/me/project.git');
    const facts = { repository: 'github.com/me/project', branch: 'main', head, dirty: null };
    const repositories = openRepositories();
    for (const path of [project, at('project', 'deep'), at('project', 'deep', 'er')]) {
      expect(await repositories.find(path)).toEqual({ root: project, git: facts });
    }
    expect(await repositories.inspect(at('project', 'deep'), signal)).toEqual({ ...facts, dirty: false });
    git(project, 'remote', 'remove', 'origin');
    expect(await repositories.find(project)).toMatchObject({ git: { repository: 'example.com/backup' } });
  });

  it('without a remote on a host is named by its first commit, in a clone as well', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    const repositories = openRepositories();
    expect(await repositories.find(project)).toMatchObject({ git: { repository: null, head } });
    git(project, 'commit', '--quiet', '--allow-empty', '--message=second');
    git(at(), 'clone', '--quiet', project, at('clone'));
    git(at('clone'), 'checkout', '--quiet', '--orphan', 'unrelated');
    git(at('clone'), 'commit', '--quiet', '--allow-empty', '--message=unrelated');
    for (const path of [project, at('clone')]) {
      expect(await repositories.inspect(path, signal)).toMatchObject({ repository: `root:${head}` });
      expect(await repositories.find(path)).toMatchObject({ git: { repository: `root:${head}` } });
    }
    expect(await repositories.find(at('clone'))).toMatchObject({ git: { branch: 'unrelated' } });
  });

  it('says what is dirty: a change, a new file, nothing', async () => {
    await using opened = await openProject();
    const { project, at } = opened;
    const repositories = openRepositories();
    const dirty = async () => (await repositories.inspect(project, signal)).dirty;
    await writeFile(at('project', 'file'), 'one');
    expect(await dirty()).toBe(true);
    git(project, 'add', '.');
    expect(await dirty()).toBe(true);
    git(project, 'commit', '--quiet', '--message=file');
    expect(await dirty()).toBe(false);
    await writeFile(at('project', 'file'), 'two');
    expect(await dirty()).toBe(true);
  });

  it('shows what is checked out: a branch with a slash, packed refs, a detached HEAD, no commit yet', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    const repositories = openRepositories();
    const where = async (path = project) => (await repositories.find(path))?.git;
    git(project, 'checkout', '--quiet', '-b', 'topic/one');
    expect(await where()).toMatchObject({ branch: 'topic/one', head });
    git(project, 'pack-refs', '--all');
    await expect(readFile(at('project', '.git', 'refs', 'heads', 'topic', 'one'))).rejects.toThrow('ENOENT');
    expect(await where()).toMatchObject({ branch: 'topic/one', head });
    git(project, 'checkout', '--quiet', '--detach');
    expect(await where()).toMatchObject({ branch: null, head });
    await mkdir(at('empty'));
    git(at('empty'), 'init', '--quiet', '--initial-branch=main');
    expect(await where(at('empty'))).toEqual({ ...NONE, branch: 'main' });
    expect(await repositories.inspect(at('empty'), signal)).toEqual({ ...NONE, branch: 'main', dirty: false });
  });
});

describe('worktrees and submodules', () => {
  it('a worktree is of the repository of its main checkout, with a HEAD of its own', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    git(project, 'worktree', 'add', '--quiet', '-b', 'side', at('side'));
    const repositories = openRepositories();
    expect(await repositories.inspect(at('side'), signal)).toEqual({
      repository: `root:${head}`,
      branch: 'side',
      head,
      dirty: false,
    });
    git(project, 'remote', 'add', 'origin', 'git@github.com:me/project.git');
    expect(await repositories.find(at('side'))).toMatchObject({
      root: at('side'),
      git: { repository: 'github.com/me/project', branch: 'side' },
    });
  });

  it('a worktree of a bare repository works; the bare repository itself, and the inside of .git, have no files', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    git(at(), 'clone', '--quiet', '--bare', project, at('bare.git'));
    git(at('bare.git'), 'worktree', 'add', '--quiet', at('tree'), 'main');
    const repositories = openRepositories();
    expect(await repositories.find(at('tree'))).toMatchObject({ root: at('tree'), git: { branch: 'main', head } });
    for (const path of [at('bare.git'), at('bare.git', 'refs'), at('project', '.git'), at('project', '.git', 'refs')]) {
      expect(await repositories.find(path), path).toBeNull();
      expect(await repositories.inspect(path, signal)).toEqual(NONE);
    }
  });

  it('a submodule is a repository of its own', async () => {
    await using opened = await openProject();
    const { project, at, head } = opened;
    await mkdir(at('super'));
    initRepository(at('super'));
    git(at('super'), 'submodule', '--quiet', 'add', project, 'inner');
    const repositories = openRepositories();
    expect(await repositories.find(at('super', 'inner'))).toMatchObject({
      root: at('super', 'inner'),
      git: { branch: 'main', head },
    });
    expect(await repositories.inspect(at('super', 'inner'), signal)).toMatchObject({ repository: `root:${head}` });
  });
});

describe('what is no repository', () => {
  it('a plain directory, and one whose .git is nonsense', async () => {
    await using directory = await temporaryDirectory();
    const at = (...names: string[]) => join(directory.path, ...names);
    const repositories = openRepositories();
    expect(await repositories.find(directory.path)).toBeNull();
    for (const [name, text] of [
      ['pointing', 'gitdir: ../nowhere\n'],
      ['nonsense', 'hello'],
      ['empty', ''],
      ['endless', `gitdir: ${'x'.repeat(100_000)}`],
    ] as const) {
      await mkdir(at(name));
      await writeFile(at(name, '.git'), text);
      expect(await repositories.find(at(name)), name).toBeNull();
    }
    await mkdir(at('hollow', '.git'), { recursive: true });
    expect(await repositories.find(at('hollow'))).toBeNull();
    await mkdir(at('circle'));
    await symlink(at('circle', '.git'), at('circle', '.git'));
    expect(await repositories.find(at('circle'))).toBeNull();
    expect(await repositories.inspect(at('gone'), signal)).toEqual(NONE);
  });

  it('refs that lead out of the repository, and pipes in the place of files, tell nothing', async () => {
    await using opened = await openProject();
    const { project, at } = opened;
    await writeFile(at('secret'), 'f'.repeat(40));
    await writeFile(at('project', '.git', 'HEAD'), 'ref: refs/heads/../../../../secret\n');
    const repositories = openRepositories();
    expect((await repositories.find(project))?.git).toEqual(NONE);
    await rm(at('project', '.git', 'config'));
    execFileSync('mkfifo', [at('project', '.git', 'config')]);
    await rm(at('project', '.git', 'HEAD'));
    execFileSync('mkfifo', [at('project', '.git', 'HEAD')]);
    expect((await repositories.find(project))?.git).toEqual(NONE);
  });
});

describe('the program git', () => {
  it('is not needed for what the files tell', async () => {
    await using opened = await openProject();
    git(opened.project, 'remote', 'add', 'origin', 'https://github.com/me/project');
    const facts = await openRepositories({}, '/nowhere').inspect(opened.project, signal);
    expect(facts).toEqual({ repository: 'github.com/me/project', branch: 'main', head: opened.head, dirty: null });
  });

  it('runs nothing that the repository names, and is not led by GIT_ variables', async () => {
    await using opened = await openProject();
    const { project, at } = opened;
    const proof = at('proof');
    const evil = at('evil');
    await writeFile(evil, `#!/bin/sh\necho "$0 $*" >> '${proof}'\ncat\n`);
    await chmod(evil, 0o755);
    await writeFile(at('project', '.gitattributes'), '* filter=evil\n*.two filter=two\n');
    await writeFile(at('project', 'file'), 'x');
    await writeFile(at('project', 'file.two'), 'x');
    git(project, 'add', '.');
    git(project, 'commit', '--quiet', '--message=files');
    await mkdir(at('hooks'));
    for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman']) {
      await symlink(evil, at('hooks', hook));
    }
    await writeFile(at('included'), `[filter "two"]\n\tprocess = ${evil}\n\trequired = true\n`);
    for (const [key, value] of [
      ['core.fsmonitor', evil],
      ['core.hooksPath', at('hooks')],
      ['core.sshCommand', evil],
      ['core.pager', evil],
      ['filter.evil.clean', evil],
      ['filter.evil.required', 'true'],
      ['include.path', at('included')],
      ['status.submoduleSummary', 'true'],
    ] as const) {
      git(project, 'config', key, value);
    }
    // Touched, so that git compares contents, which is when it asks filters.
    await writeFile(at('project', 'file'), 'y');
    await writeFile(at('project', 'file.two'), 'x');
    const misleading = { GIT_DIR: at('nowhere'), GIT_EXTERNAL_DIFF: evil, GIT_SSH_COMMAND: evil, GIT_TRACE: proof };
    expect(await openRepositories(misleading).inspect(project, signal)).toMatchObject({ branch: 'main', dirty: true });
    await expect(readFile(proof, 'utf8')).rejects.toThrow('ENOENT');
    // The same without our guards does run it: the trap is a real one.
    expect(() => git(project, 'status', '--porcelain')).toThrow("clean filter 'two' failed");
    expect(await readFile(proof, 'utf8')).toContain('evil');
  });

  it('does not say what is dirty where a filter has a name that cannot be switched off', async () => {
    await using opened = await openProject();
    git(opened.project, 'config', 'filter.a=b.clean', 'cat');
    expect((await openRepositories().inspect(opened.project, signal)).dirty).toBeNull();
  });

  it('is ended when its answer is no longer wanted', async () => {
    await using opened = await openProject();
    const { project, at } = opened;
    await mkdir(at('bin'));
    await writeFile(at('bin', 'git'), `#!/bin/sh\necho $$ > '${at('pid')}'\nexec sleep 60\n`);
    await chmod(at('bin', 'git'), 0o755);
    const wanted = new AbortController();
    const inspecting = openRepositories({}, `${at('bin')}:${process.env['PATH'] ?? ''}`).inspect(
      project,
      wanted.signal,
    );
    const refused = expect(inspecting).rejects.toThrow('enough');
    await expect.poll(() => readFile(at('pid'), 'utf8').catch(() => ''), { timeout: 5_000 }).toMatch(/^\d+\n/);
    wanted.abort(new Error('enough'));
    await refused;
    const started = Number(await readFile(at('pid'), 'utf8'));
    await expect.poll(() => isAlive(started)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
