import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeOf } from '../../../src/application/workspace/workspace-place.js';
import { directories } from '../../../src/infrastructure/filesystem/directories.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { git, HAS_GIT, initRepository, openRepositories } from '../../support/git.js';

it('what happens in a directory of a repository belongs to the top of its work tree', async (context) => {
  context.skip(!HAS_GIT, 'git is not installed');
  await using directory = await temporaryDirectory();
  const needs = { directories, repositories: openRepositories() };
  const deep = join(directory.path, 'project', 'deep');
  await mkdir(deep, { recursive: true });
  expect(await placeOf(deep, needs)).toMatchObject({ path: deep, git: { head: null } });
  const head = initRepository(join(directory.path, 'project'));
  git(deep, 'remote', 'add', 'origin', 'git@github.com:me/project.git');
  expect(await placeOf(deep, needs)).toEqual({
    path: join(directory.path, 'project'),
    git: { repository: 'github.com/me/project', branch: 'main', head, dirty: null },
  });
  await expect(placeOf(join(deep, 'gone'), needs)).rejects.toMatchObject({ code: 'invalid_input' });
});
