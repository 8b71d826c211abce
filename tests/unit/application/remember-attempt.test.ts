import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../../src/domain/shared/id.js';
import { type ApplicationOptions, openApplication } from '../../support/application.js';

const RECEIPT = { ended: 0, left: 0 };

function opened(options: ApplicationOptions = {}) {
  const backend = openApplication(options);
  backend.start();
  const failed = (output: string) => ({
    outcome: 'failed' as const,
    error: { code: 'failed' as const, message: 'Exited with code 3.' },
    exitCode: 3,
    receipt: RECEIPT,
    ran: { command: 'npm test', workspace: '/work', output },
  });
  const completed = (command: string, text = 'ok') => ({
    outcome: 'completed' as const,
    result: { text, truncated: false, bytes: text.length, exitCode: 0 },
    receipt: RECEIPT,
    ran: { command, workspace: '/work', output: text },
  });
  const remembered = (sessionId: SessionId) =>
    backend.read(async ({ prompts, toolUses }) => ({
      said: (await prompts.list({ sessionId, limit: 10 })).map(({ number, who, text }) => [number, who, text]),
      uses: await toolUses.waiting(sessionId, 10),
    }));
  return { ...backend, failed, completed, remembered };
}

describe('an attempt', () => {
  it('is remembered as a prompt, once, and as one tool use for each run of its command', async () => {
    await using it = opened();
    const { id } = await it.enqueue('npm test', { maxAttempts: 2 });
    (await it.runtime.nextTurn()).end(it.failed('1 failing'));
    await it.until(id, 'scheduled');
    it.time.advance(60_000);
    (await it.runtime.nextTurn()).end(it.completed('npm test', '2 passing'));
    const { sessionId } = await it.until(id, 'completed');
    const { said, uses } = await it.remembered(sessionId ?? 'session_');
    expect(said).toEqual([[1, 'task', 'npm test']]);
    const common = { name: 'shell', via: 'stream', turn: 'task', cwd: '/work', input: '{"command":"npm test"}' };
    expect(uses).toMatchObject([
      { ...common, toolUseId: 'attempt-1', outcome: 'failed', result: 'Exit code 3\n1 failing' },
      { ...common, toolUseId: 'attempt-2', outcome: 'done', result: '2 passing' },
    ]);
    const { items } = await it.app.listEvents({ types: ['tooluse.captured'], limit: 10 });
    expect(items).toHaveLength(2);
  });

  it('of an agent that tells its own tool uses is none', async () => {
    await using it = opened();
    const { id } = await it.enqueue('Do it.');
    (await it.runtime.nextTurn()).complete();
    const { sessionId } = await it.until(id, 'completed');
    expect(await it.remembered(sessionId ?? 'session_')).toEqual({ said: [[1, 'task', 'Do it.']], uses: [] });
  });

  it.each([
    ['is private', '<private>cat canary</private>', {}, [[1, 'task', '']]],
    ['touches what is excluded', 'cat .env', {}, [[1, 'task', 'cat .env']]],
    ['runs while memory is off', 'npm test', { memory: { enabled: false } }, []],
  ] as const)('that %s leaves no tool use', async (_what, prompt, options, expected) => {
    await using it = opened(options);
    const { id } = await it.enqueue(prompt);
    (await it.runtime.nextTurn()).end(it.completed(prompt, 'canary'));
    const { sessionId } = await it.until(id, 'completed');
    expect(await it.remembered(sessionId ?? 'session_')).toEqual({ said: expected, uses: [] });
    expect((await it.app.getSession({ sessionId: sessionId ?? 'session_' })).title).not.toContain('canary');
  });
});
