import { chmod, chown, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensurePrivateDirectory } from '../../../src/home/private-directory.js';
import { readPrivateFile, writePrivateFile } from '../../../src/home/private-file.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const mode = async (path: string) => (await stat(path)).mode & 0o777;
const refused = (why: RegExp) => ({
  name: 'ConfigurationError',
  message: expect.stringMatching(why) as string,
});
const isRoot = process.getuid?.() === 0;

it('makes a directory that only its owner may enter, with the ones above it', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'a', 'b');
  await ensurePrivateDirectory(path);
  await ensurePrivateDirectory(path);
  expect(await mode(path)).toBe(0o700);
});

it('closes an open directory that is empty or holds only names of ours', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'home');
  await mkdir(path);
  await chmod(path, 0o755);
  await ensurePrivateDirectory(path);
  expect(await mode(path)).toBe(0o700);

  await chmod(path, 0o755);
  await writeFile(join(path, 'config.json'), '{}');
  await ensurePrivateDirectory(path, new Set(['config.json']));
  expect(await mode(path)).toBe(0o700);
});

it('leaves an open directory that holds anything else as it is', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'shared');
  await mkdir(path);
  await chmod(path, 0o777);
  await writeFile(join(path, 'thesis.tex'), '');
  await expect(ensurePrivateDirectory(path, new Set(['config.json']))).rejects.toMatchObject(
    refused(/"thesis\.tex".*chmod 700/),
  );
  expect(await mode(path)).toBe(0o777);
});

it('refuses a symbolic link, a dangling one, a file, and a path through a file', async () => {
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  await mkdir(at('real'), { mode: 0o700 });
  await symlink(at('real'), at('link'));
  await symlink(at('nowhere'), at('dangling'));
  await writeFile(at('file'), '');
  await expect(ensurePrivateDirectory(at('link'))).rejects.toMatchObject(refused(/symbolic link/));
  await expect(ensurePrivateDirectory(at('dangling'))).rejects.toMatchObject(refused(/symbolic link/));
  await expect(ensurePrivateDirectory(at('file'))).rejects.toMatchObject(refused(/not a directory/));
  await expect(ensurePrivateDirectory(at('file/x'))).rejects.toMatchObject(refused(/cannot be made/));
});

it('refuses what belongs to another user', async (test) => {
  if (!isRoot) test.skip('only root can give a file away');
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'home');
  await mkdir(path, { mode: 0o700 });
  await writePrivateFile(join(path, 'token'), 'secret');
  await chown(join(path, 'token'), 65_534, 65_534);
  await expect(readPrivateFile(join(path, 'token'))).rejects.toMatchObject(refused(/another user/));
  await chown(path, 65_534, 65_534);
  await expect(ensurePrivateDirectory(path)).rejects.toMatchObject(refused(/another user/));
});

it('writes a file for the owner alone, whole, and leaves nothing beside it', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'token');
  await writeFile(path, 'old', { mode: 0o644 });
  await link(path, join(directory.path, 'old'));
  await writePrivateFile(path, 'new');
  expect(await mode(path)).toBe(0o600);
  expect(await readPrivateFile(path)).toBe('new');
  expect(await readFile(join(directory.path, 'old'), 'utf8')).toBe('old');
  expect((await readdir(directory.path)).sort()).toEqual(['old', 'token']);
});

it('keeps the old file when the new one cannot take its place', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'taken');
  await mkdir(path);
  await writeFile(join(path, 'inside'), '');
  await expect(writePrivateFile(path, 'new')).rejects.toMatchObject({ syscall: 'rename' });
  expect(await readdir(directory.path)).toEqual(['taken']);
});

it('reads only what nobody else can have written or read', async () => {
  await using directory = await temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  expect(await readPrivateFile(at('token'))).toBeNull();
  await writePrivateFile(at('token'), 'secret');
  await symlink(at('token'), at('link'));
  await expect(readPrivateFile(at('link'))).rejects.toMatchObject(refused(/symbolic link/));
  await chmod(at('token'), 0o640);
  await expect(readPrivateFile(at('token'))).rejects.toMatchObject(refused(/other users/));
  await writePrivateFile(at('token'), 'x'.repeat(70_000));
  await expect(readPrivateFile(at('token'))).rejects.toMatchObject(refused(/65536 bytes/));
});
