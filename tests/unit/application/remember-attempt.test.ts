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
    const common = { name: 'shell', via: 'stream', turn: id, cwd: '/work', input: '{"command":"npm test"}' };
    expect(uses).toMatchObject([
      { ...common, toolUseId: `${id}-1`, outcome: 'failed', result: 'Exit code 3\n1 failing' },
      { ...common, toolUseId: `${id}-2`, outcome: 'done', result: '2 passing' },
    ]);
    const { items } = await it.app.listEvents({ types: ['tooluse.captured'], limit: 10 });
    expect(items).toHaveLength(2);
  });

  it('of an agent that tells its own tool uses is what it told, with its last words', async () => {
    await using it = opened();
    const { id } = await it.enqueue('Do it.');
    const turn = await it.runtime.nextTurn();
    const call = { type: 'tool_call', name: 'Bash', title: 'npm test', subagent: null } as const;
    const result = { type: 'tool_result', outcome: 'failed', diffs: [] } as const;
    await turn.tell(
      { type: 'text', text: 'I run ' },
      { type: 'text', text: 'the tests.' },
      { ...call, toolUseId: 'toolu_1', input: { command: 'npm test' } },
      { ...result, toolUseId: 'toolu_1', output: '1 failing' },
      { ...result, toolUseId: 'toolu_2', output: 'of a call that nobody has heard of' },
      { type: 'text', text: 'It fails.' },
    );
    turn.complete('It fails.');
    const { sessionId } = await it.until(id, 'completed');
    const { said, uses } = await it.remembered(sessionId ?? 'session_');
    expect(said).toEqual([
      [1, 'task', 'Do it.'],
      [1, 'agent', 'It fails.'],
    ]);
    expect(uses).toMatchObject([
      { toolUseId: 'toolu_1', turn: id, name: 'Bash', via: 'stream', outcome: 'failed', result: '1 failing' },
    ]);
    expect(it.needs.attemptFiles.outputs.get(`${id}-1`)).toBe(
      'I run the tests.\n* Bash: npm test\n  failed\n  1 failing\n  failed\n  of a call that nobody has heard of\nIt fails.',
    );
  });

  it('joins the conversation that its agent names before anything is said in it', async () => {
    await using it = opened();
    const { id } = await it.enqueue('Do it.');
    const turn = await it.runtime.nextTurn();
    const named = { source: 'claude', providerSessionId: 'abc', cwd: '/work', agentVersion: '2.1.328' };
    await turn.tell({ type: 'session', ...named, resumed: false });
    turn.complete();
    const { sessionId } = await it.until(id, 'completed');
    expect(await it.app.getSession({ sessionId: sessionId ?? 'session_' })).toMatchObject({ ...named, taskId: id });
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
