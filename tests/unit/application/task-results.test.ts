import { describe, expect, it } from 'vitest';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';

const ONCE = { tasks: { maxAttempts: 1 } };

describe('the results of earlier tasks', () => {
  it('are told in order, with how each ended and where its output lies', async () => {
    await using opened = openApplication(ONCE);
    const { app, start, enqueue, runtime, until } = opened;
    const [good, bad, never] = [await enqueue('good'), await enqueue('bad'), await enqueue('never', { delayMs: 1 })];
    const after = [{ task: bad.id, onFailure: 'run' }, good.id, { task: never.id, onFailure: 'run' }];
    const last = await enqueue('last', { after });
    start();
    (await runtime.nextTurn()).complete('all is well');
    (await runtime.nextTurn()).fail('broken');
    await until(bad.id, 'failed');
    await app.cancelTask({ taskId: never.id });
    const turn = await runtime.nextTurn();
    expect(turn.prompt).toBe('last');
    const results = await app.getResults({ taskId: last.id });
    expect(results).toMatchObject([
      {
        id: bad.id,
        status: 'failed',
        result: null,
        error: { code: 'failed' },
        output: expect.stringContaining('output.log') as unknown,
      },
      { id: good.id, status: 'completed', result: { text: 'all is well', truncated: false }, error: null },
      { id: never.id, status: 'cancelled', result: null, output: null },
    ]);
    expect(turn.resultsFile).toMatch(/^\/runs\/task_[\w-]+\/results\.json$/);
    expect(JSON.parse(opened.needs.attemptFiles.results.get(turn.resultsFile ?? '') ?? '')).toEqual(results);
  });

  it('are named in one sentence before the prompt of an agent that is spoken with, which is kept as it was', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, until } = opened;
    const first = await enqueue('first');
    const second = await enqueue('second', { agent: 'careful', after: [first.id] });
    start();
    (await runtime.nextTurn()).complete('the result');
    const turn = await runtime.nextTurn();
    expect(turn.prompt).toBe(
      `<private>What the tasks gave that this one comes after is in the JSON file ${turn.resultsFile ?? ''}.\n</private>second`,
    );
    turn.complete();
    const { sessionId, prompt } = await until(second.id, 'completed');
    expect(prompt).toBe('second');
    const said = await app.listPrompts({ sessionId: sessionId ?? encodeId('session', 1), limit: 9 });
    expect(said.items.map(({ text }) => text)).toContain('second');
  });

  it('are not what was said before in the same conversation', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, until } = opened;
    const { id } = await enqueue('first', { agent: 'careful' });
    start();
    const turn = await runtime.nextTurn();
    const { sessionId } = await app.getTask({ taskId: id });
    if (sessionId === null) throw new Error('It has no conversation.');
    const { delivered, task } = await app.sendPrompt({ sessionId, prompt: 'go on' });
    expect({ delivered, after: task.after }).toEqual({ delivered: 'queued', after: [id] });
    turn.complete();
    const next = await runtime.nextTurn();
    expect(next).toMatchObject({ prompt: 'go on', resultsFile: undefined });
    next.complete();
    await until(task.id, 'completed');
    expect(await app.getResults({ taskId: task.id })).toEqual([]);
  });

  it('share what there is room for, and keep the ends of their texts', async () => {
    await using opened = openApplication({ tasks: { maxPending: 1_000 }, pool: { max: 1 } });
    const { app, start, enqueue, runtime } = opened;
    // A share of 1,048,576 / 32 = 32,768 characters, whose first one falls into the middle of a pair.
    const long = `${'x'.repeat(10)}${'🙂'.repeat(32_768)}y`;
    const first = await enqueue('long', { priority: 9 });
    const others = await Promise.all(Array.from({ length: 31 }, (_, n) => enqueue(`n${String(n)}`, { delayMs: 9 })));
    const last = await enqueue('last', { after: [first.id, ...others.map(({ id }) => id)], onFailure: 'run' });
    start();
    (await runtime.nextTurn()).complete(long);
    await opened.until(first.id, 'completed');
    const [result] = await app.getResults({ taskId: last.id });
    expect(result?.result).toMatchObject({ truncated: true, text: `${'🙂'.repeat(16_383)}y` });
  });

  it('are none for one that is not kept any more', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, until } = opened;
    const first = await enqueue('first');
    const second = await enqueue('second', { after: [first.id] });
    start();
    (await runtime.nextTurn()).complete();
    (await runtime.nextTurn()).complete();
    await until(second.id, 'completed');
    await opened.transaction(({ tasks }) => tasks.removeFinished(first.id, Number.MAX_SAFE_INTEGER));
    const none = { id: first.id, status: null, result: null, error: null, output: null };
    expect(await app.getResults({ taskId: second.id })).toEqual([none]);
    expect((await app.getTaskTree({ taskId: second.id })).before.lines).toMatchObject([{ id: first.id, status: null }]);
  });
});
