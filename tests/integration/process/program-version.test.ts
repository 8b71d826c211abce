import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgramVersion } from '../../../src/infrastructure/filesystem/program-version.js';
import { openTemporaryDirectory } from '../../../src/infrastructure/filesystem/temporary-directory.js';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { newRunId } from '../../../src/infrastructure/system/ids.js';
import { timer } from '../../../src/infrastructure/system/timer.js';

async function openBench() {
  const directory = await openTemporaryDirectory();
  const log = join(directory.path, 'runs');
  await writeFile(log, '');
  const { startProcess } = createProcesses({ environment: { PATH: '/usr/bin:/bin' }, timer });
  const logger = { debug: () => undefined };
  const { signal: closing } = new AbortController();
  return {
    directory: directory.path,
    version: createProgramVersion({ startProcess, openTemporaryDirectory, newRunId, logger, closing }),
    /** Writes a program that notes that it was run, and says this. */
    async program(name: string, says: string): Promise<string> {
      const path = join(directory.path, name);
      await writeFile(path, `#!/bin/sh\necho "$@" >> '${log}'\necho '${says}'\n`);
      await chmod(path, 0o755);
      return path;
    },
    runs: async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

it('asks a known agent for its version, once until its program changes', async () => {
  await using bench = await openBench();
  const program = await bench.program('codex', 'codex-cli 0.169.0');
  expect(await bench.version('codex', program)).toBe('0.169.0');
  expect(await bench.version('/opt/codex', program)).toBe('0.169.0');
  expect(await bench.runs()).toEqual(['--version']);
  await bench.program('codex', 'codex-cli 0.170.0-beta.1');
  expect(await bench.version('codex', program)).toBe('0.170.0-beta.1');
  expect(await bench.runs()).toHaveLength(2);
});

it('reads it from the npm package without running the program', async () => {
  await using bench = await openBench();
  const [name, binaries] = ['@anthropic-ai/claude-code', join(bench.directory, 'bin')];
  const home = join(bench.directory, 'node_modules', name);
  await mkdir(join(home, 'dist'), { recursive: true });
  await mkdir(binaries);
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, version: '2.1.328' }));
  await symlink(join(home, 'dist', 'cli.js'), join(binaries, 'claude'));
  await writeFile(join(home, 'dist', 'cli.js'), '');
  expect(await bench.version('claude', join(binaries, 'claude'))).toBe('2.1.328');
  expect(await bench.runs()).toEqual([]);
});

it('takes no project of the user around a program for its package', async () => {
  await using bench = await openBench();
  await writeFile(join(bench.directory, 'package.json'), JSON.stringify({ name: 'mine', version: '7.7.7' }));
  expect(await bench.version('claude', await bench.program('claude', '2.1.400 (Claude Code)'))).toBe('2.1.400');
});

it('never runs a program that it does not know', async () => {
  await using bench = await openBench();
  expect(await bench.version('deploy', await bench.program('deploy', '1.2.3'))).toBe(null);
  expect(await bench.runs()).toEqual([]);
});

it('knows none of a program that says none, or that is not there', async () => {
  await using bench = await openBench();
  expect(await bench.version('codex', await bench.program('codex', 'hello'))).toBe(null);
  expect(await bench.version('codex', join(bench.directory, 'nothing'))).toBe(null);
});
