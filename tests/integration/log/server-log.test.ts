import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openServerLog } from '../../../src/infrastructure/log/server-log.js';

async function openDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'cw-log-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe('the server log', () => {
  it('writes JSON lines that only this user may read, with secrets and prompts left out', async () => {
    await using directory = await openDirectory();
    const file = join(directory.path, 'server.log');
    const log = openServerLog({ file, level: 'info' });
    log.debug('not this');
    log.info('hello', { token: 'abc', nested: { authorization: 'Bearer abc' }, prompt: 'private', taskId: 'task_1' });
    log.error('broke', { error: new Error('why') });
    await log.close();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toMatch(/abc|private/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'hello', taskId: 'task_1', token: '[redacted]' });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ error: { message: 'why' } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('writes no secret in a message, a text or an error', async () => {
    await using directory = await openDirectory();
    const file = join(directory.path, 'server.log');
    const log = openServerLog({ file, level: 'info' });
    const key = `ghp_${'aB3dE6gH9'.repeat(4)}`;
    log.warn(`cannot use ${key}`, {
      line: `API_KEY=${key}x`,
      error: new Error('failed', { cause: new Error(`at https://me:${key}@x.example`) }),
      deep: { list: [{ url: 'postgres://me:hunter2@db/x' }] },
    });
    await log.close();
    const line = await readFile(file, 'utf8');
    expect(line).not.toMatch(/ghp_|hunter2/);
    expect(JSON.parse(line)).toMatchObject({
      msg: 'cannot use [redacted:github-token]',
      deep: { list: [{ url: 'postgres://me:[redacted:url-password]@db/x' }] },
      error: { message: expect.stringContaining('failed') as string },
    });
  });
});
