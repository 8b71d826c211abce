import { describe, expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

const ONCE = { tasks: { maxAttempts: 1 } };

describe('a task that comes after others', () => {
  it('runs without one that failed, and fails with another, as it says for each', async () => {
    await using opened = openApplication(ONCE);
    const { app, start, enqueue, runtime, until } = opened;
    const [one, two] = [await enqueue('one'), await enqueue('two')];
    const cleanUp = await enqueue('clean up', { after: [two.id, { task: one.id, onFailure: 'run' }] });
    const report = await enqueue('report', { after: [one.id, { task: two.id, onFailure: 'run' }] });
    expect(cleanUp).toMatchObject({ after: [two.id, one.id], waitingFor: 2, onFailure: 'fail' });
    start();
    (await runtime.nextTurn()).fail('broken');
    expect(await until(report.id, 'failed')).toMatchObject({
      error: { code: 'dependency_failed', message: `It comes after ${one.id}, which did not complete.` },
    });
    expect(await app.getTask({ taskId: cleanUp.id })).toMatchObject({ status: 'blocked', waitingFor: 1 });
    (await runtime.nextTurn()).complete();
    expect((await runtime.nextTurn()).prompt).toBe('clean up');
  });

  it('waits again for one that would not have kept it, and that is tried again', async () => {
    await using opened = openApplication(ONCE);
    const { app, start, enqueue, runtime, until } = opened;
    const [one, two] = [await enqueue('one'), await enqueue('two')];
    const both = await enqueue('both', { after: [one.id, two.id], onFailure: 'run' });
    start();
    (await runtime.nextTurn()).fail('broken');
    await until(one.id, 'failed');
    expect(await app.getTask({ taskId: both.id })).toMatchObject({ status: 'blocked', waitingFor: 1 });
    await app.retryTask({ taskId: one.id });
    expect(await app.getTask({ taskId: both.id })).toMatchObject({ status: 'blocked', waitingFor: 2 });
    const second = await runtime.nextTurn();
    (await runtime.nextTurn()).complete();
    await until(one.id, 'completed');
    expect(await app.getTask({ taskId: both.id })).toMatchObject({ status: 'blocked', waitingFor: 1 });
    second.complete();
    expect((await runtime.nextTurn()).prompt).toBe('both');
  });

  it('is tried again by what it says of each', async () => {
    await using opened = openApplication(ONCE);
    const { app, start, enqueue, runtime, until } = opened;
    const [one, two] = [await enqueue('one'), await enqueue('two')];
    const any = { task: one.id, onFailure: 'run' };
    const careless = await enqueue('careless', { after: [any, two.id] });
    start();
    const [first, second] = [await runtime.nextTurn(), await runtime.nextTurn()];
    first.fail('broken');
    await until(one.id, 'failed');
    second.fail('broken');
    await until(careless.id, 'failed');
    await expect(app.retryTask({ taskId: careless.id })).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot wait for ${two.id}: it is failed. Retry it first, or leave it out.`,
    });
    await app.retryTask({ taskId: two.id });
    expect(await app.retryTask({ taskId: careless.id })).toMatchObject({ status: 'blocked', waitingFor: 1 });
  });

  it('names each once, and may say one thing of it', async () => {
    await using opened = openApplication();
    const { enqueue } = opened;
    const { id } = await enqueue('one');
    const fails = { task: id, onFailure: 'fail' };
    expect(await enqueue('twice', { after: [id, fails, id] })).toMatchObject({ after: [id], waitingFor: 1 });
    await expect(enqueue('both', { after: [id, { ...fails, onFailure: 'run' }] })).rejects.toMatchObject({
      code: 'invalid_input',
      message: `It comes after ${id} twice, to fail with it and to run without it.`,
    });
  });
});
