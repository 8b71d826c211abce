import { describe, expect, it } from 'vitest';
import type { TaskTree } from '../../../src/application/task/get-task-tree.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';

const ROOM = { tasks: { maxPending: 100_000 } };

/** The lines of one direction as `depth prompt`, with a mark on those that stand above. */
const read = ({ lines }: TaskTree['before']) =>
  lines.map(({ depth, prompt, isAbove }) => `${String(depth)} ${prompt ?? '-'}${isAbove ? ' ^' : ''}`);

describe('the tree of a task', () => {
  it('draws what it comes after and what comes after it, each task once', async () => {
    await using opened = openApplication();
    const { app } = opened;
    const task = (name: string, ...after: string[]) => ({ name, prompt: name, workspace: '/work', after });
    const { tasks } = await app.enqueueGraph({
      tasks: [
        task('fetch'),
        task('build', 'fetch'),
        task('lint', 'fetch'),
        { ...task('test', 'build'), after: ['build', { task: 'lint', onFailure: 'run' }] },
        task('pack', 'test'),
        task('ship', 'pack', 'test'),
        task('else'),
      ],
    });
    const tree = await app.getTaskTree({ taskId: tasks['test']?.id ?? encodeId('task', 1) });
    expect(tree.task).toMatchObject({ status: 'blocked', agent: 'shell', prompt: 'test' });
    expect(read(tree.before)).toEqual(['0 build', '1 fetch', '0 lint', '1 fetch ^']);
    expect(tree.before.lines.map(({ onFailure }) => onFailure)).toEqual(['fail', 'fail', 'run', 'fail']);
    expect(read(tree.after)).toEqual(['0 pack', '1 ship', '0 ship ^']);
    expect(tree.after).toMatchObject({ leftOut: 0, isCounted: true });
    await expect(app.getTaskTree({ taskId: encodeId('task', 404) })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('draws no more than one looks through, and says how many it leaves out', async () => {
    await using opened = openApplication(ROOM);
    const { app } = opened;
    const first = await opened.enqueue('first');
    const tasks = Array.from({ length: 300 }, (_, n) => ({
      name: `t${String(n)}`,
      prompt: `t${String(n)}`,
      workspace: '/work',
      after: [n === 0 ? first.id : `t${String(n - 1)}`],
    }));
    const { tasks: chain } = await app.enqueueGraph({ tasks });
    const down = await app.getTaskTree({ taskId: first.id });
    expect(down.before).toEqual({ lines: [], leftOut: 0, isCounted: true });
    expect(down.after).toMatchObject({ leftOut: 100, isCounted: true });
    expect(read(down.after)).toEqual(Array.from({ length: 200 }, (_, n) => `${String(n)} t${String(n)}`));
    const up = await app.getTaskTree({ taskId: chain['t299']?.id ?? first.id });
    expect(up.before).toMatchObject({ leftOut: 100, isCounted: true });
  });
});
