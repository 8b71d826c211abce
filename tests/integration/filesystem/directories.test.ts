import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directories } from '../../../src/infrastructure/filesystem/directories.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

it('resolves a directory to its path without symbolic links', async () => {
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  await mkdir(at('real'));
  await symlink(at('real'), at('link'));
  expect(await directories.resolve(`${at('link')}/../link/`)).toBe(at('real'));
});

it('says what is wrong with a path that is no directory', async () => {
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  await writeFile(at('file'), '');
  await symlink(at('circle'), at('circle'));
  const cases: [string, RegExp][] = [
    [at('nowhere'), /does not exist/],
    [at('file'), /is a file/],
    [at('file/x'), /a part of the path is a file/],
    [at('circle'), /in a circle/],
    ['relative', /must be absolute/],
    ['', /must be absolute/],
    [`/${'x'.repeat(300)}`, /too long/],
    ['/a\0b', /null bytes/],
  ];
  for (const [path, why] of cases) {
    await expect(directories.resolve(path)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(why) as string,
    });
  }
});
