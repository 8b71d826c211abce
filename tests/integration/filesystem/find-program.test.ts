import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

it('finds the first executable file on the PATH, and nothing that only looks like one', async () => {
  await using directory = await temporaryDirectory();
  const at = (...names: string[]) => join(directory.path, ...names);
  await Promise.all(['one', 'two', 'one/tool', 'empty'].map((name) => mkdir(at(name), { recursive: true })));
  await writeFile(at('one', 'data'), '', { mode: 0o644 });
  for (const name of ['tool', 'data']) await writeFile(at('two', name), '#!/bin/sh\n', { mode: 0o755 });
  await symlink(at('two', 'tool'), at('two', 'linked'));
  const path = `${at('missing')}:${at('one')}::.:${at('two')}`;
  const findProgram = createFindProgram({ path });

  expect(await findProgram('tool')).toBe(at('two', 'tool'));
  expect(await findProgram('data')).toBe(at('two', 'data'));
  expect(await findProgram('linked')).toBe(at('two', 'linked'));
  expect(await findProgram('nothing')).toBeNull();
  expect(await findProgram('tool', at('empty'))).toBeNull();
  expect(await findProgram('tool', at('two'))).toBe(at('two', 'tool'));
});

it('takes an absolute path as it is, and refuses a relative one', async () => {
  await using directory = await temporaryDirectory();
  const program = join(directory.path, 'tool');
  await writeFile(program, '', { mode: 0o755 });
  const findProgram = createFindProgram({ path: directory.path });
  expect(await findProgram(program)).toBe(program);
  expect(await findProgram('./tool')).toBeNull();
  expect(await findProgram('')).toBeNull();
  expect(await createFindProgram({ path: undefined })('tool')).toBeNull();
});

it('sees at once what has changed', async () => {
  await using directory = await temporaryDirectory();
  const program = join(directory.path, 'tool');
  const findProgram = createFindProgram({ path: directory.path });
  expect(await findProgram('tool')).toBeNull();
  await writeFile(program, '', { mode: 0o755 });
  expect(await findProgram('tool')).toBe(program);
  await chmod(program, 0o644);
  expect(await findProgram('tool')).toBeNull();
});
