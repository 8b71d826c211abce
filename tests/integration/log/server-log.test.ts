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
});
