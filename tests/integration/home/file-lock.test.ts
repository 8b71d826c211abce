import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/environment.js';
import { tryFileLock } from '../../../src/home/file-lock.js';

/** Another process that holds the lock, in the way that this one would, until it is killed. */
const HOLDER = `
  const lock = new (require('better-sqlite3'))(process.argv[1], { timeout: 0 });
  lock.exec('BEGIN EXCLUSIVE');
  process.stdout.write('held');
  process.stdin.resume();
`;

async function openDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'cw-lock-'));
  return { file: join(path, 'server.lock'), [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('a file lock', () => {
  it('is not taken on something else in its place, which stays as it is', async () => {
    await using directory = await openDirectory();
    await writeFile(directory.file, 'this is no lock '.repeat(100));
    expect(() => tryFileLock(directory.file)).toThrow(ConfigurationError);
    expect(await readFile(directory.file, 'utf8')).toMatch(/^this is no lock/);
    expect(() => tryFileLock(dirname(directory.file))).toThrow(/cannot be used/);
  });

  it('writes nothing, so that it can be taken on a full disk', async () => {
    await using directory = await openDirectory();
    const lock = tryFileLock(directory.file);
    expect(await readdir(dirname(directory.file))).toEqual(['server.lock']);
    expect((await stat(directory.file)).size).toBe(0);
    lock?.release();
  });

  it('is held by one at a time and can be taken again after its release', async () => {
    await using directory = await openDirectory();
    const lock = tryFileLock(directory.file);
    expect(lock).not.toBeNull();
    lock?.release();
    const again = tryFileLock(directory.file);
    expect(again).not.toBeNull();
    again?.release();
    expect((await stat(directory.file)).mode & 0o777).toBe(0o600);
  });

  it('is refused while another process holds it, and free as soon as that one is killed', async () => {
    await using directory = await openDirectory();
    const holder = spawn(process.execPath, ['-e', HOLDER, directory.file], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(tryFileLock(directory.file)).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = tryFileLock(directory.file);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});
