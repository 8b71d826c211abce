import { describe, expect, it } from 'vitest';
import { EnqueueGraph } from '../../../src/application/task/enqueue-graph.js';
import { openApplication } from '../../support/application.js';

const at = { workspace: '/work' };

/** A task of a graph that comes after these. */
const task = (
  name: string,
  after: (string | { task: string; onFailure: 'fail' | 'run' })[] = [],
  more: object = {},
) => ({
  name,
  prompt: name,
  ...at,
  after,
  ...more,
});

/** How many tasks there are, of whatever state. */
async function countTasks({ app }: ReturnType<typeof openApplication>): Promise<number> {
  return (await app.listTasks({ limit: 100 })).items.length;
}

describe('enqueueing a graph', () => {
  it('takes all its tasks in, each after what it names, and older than what comes after it', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const before = await enqueue('before');
    const { tasks } = await app.enqueueGraph({
      tasks: [
        task('deploy', ['test', 'lint']),
        task('test', ['build', before.id]),
        task('lint', [], { onFailure: 'run' }),
        task('build'),
        task('clean', [{ task: 'deploy', onFailure: 'run' }]),
      ],
    });
    const { deploy, test, lint, build, clean } = tasks;
    expect(Object.keys(tasks)).toEqual(['deploy', 'test', 'lint', 'build', 'clean']);
    expect(build).toMatchObject({ status: 'pending', prompt: 'build', after: [], existing: false });
    expect(test).toMatchObject({ status: 'blocked', waitingFor: 2, after: [build?.id, before.id] });
    expect(deploy).toMatchObject({ status: 'blocked', waitingFor: 2, after: [test?.id, lint?.id], onFailure: 'fail' });
    expect([build, test, lint, deploy, clean].map((one) => one?.id).sort()).toEqual(
      [build, test, lint, deploy, clean].map((one) => one?.id),
    );
    const policies = await opened.read((stores) => stores.tasks.predecessors(clean?.id ?? before.id, 9));
    expect(policies).toEqual([{ task: deploy?.id, onFailure: 'run' }]);
  });

  it('runs it in order', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, runtime } = opened;
    await app.enqueueGraph({ tasks: [task('three', ['two']), task('two', ['one']), task('one')] });
    start();
    for (const name of ['one', 'two', 'three']) {
      const turn = await runtime.nextTurn();
      expect(turn.prompt).toBe(name);
      turn.complete();
    }
  });

  it('lets a task that is there stand for one of its own, by the unique key', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const build = await enqueue('build it', { unique: 'build' });
    const { tasks } = await app.enqueueGraph({
      tasks: [task('b', [], { unique: 'build' }), task('test', ['b', build.id])],
    });
    expect(tasks['b']).toMatchObject({ id: build.id, existing: true, prompt: 'build it' });
    expect(tasks['test']).toMatchObject({ after: [build.id], waitingFor: 1, existing: false });
  });

  it('gives its tasks what it says for those that say nothing', async () => {
    await using opened = openApplication();
    const before = await opened.enqueue('before');
    const { tasks } = await opened.app.enqueueGraph({
      defaults: { ...at, agent: 'tests', priority: 7, delayMs: 1_000, after: [before.id] },
      tasks: [
        { name: 'a', prompt: 'a' },
        { name: 'b', prompt: 'b', workspace: '/other', agent: 'shell', priority: 1, after: ['a'], runAt: 5 },
      ],
    });
    const { a, b } = tasks;
    expect(a).toMatchObject({ workspace: '/work', agent: 'tests', priority: 7, after: [before.id] });
    expect((a?.runAt ?? 0) - (a?.createdAt ?? 0)).toBe(1_000);
    expect(b).toMatchObject({ workspace: '/other', agent: 'shell', priority: 1, after: [a?.id], runAt: 5 });
    await expect(opened.app.enqueueGraph({ tasks: [{ name: 'a', prompt: 'a' }] })).rejects.toMatchObject({
      message: 'a: say in which workspace it is to run.',
    });
  });

  it('makes one graph of a request however often it is sent', async () => {
    await using opened = openApplication();
    const graph = { requestId: 'once', tasks: [task('a'), task('b', ['a'], { requestId: 'b only' })] };
    const first = await opened.app.enqueueGraph(graph);
    expect(await opened.app.enqueueGraph(graph)).toEqual(first);
    expect(await countTasks(opened)).toBe(2);
  });

  it.each([
    [
      'a cycle',
      [task('c', ['b']), task('a', ['c']), task('x'), task('b', ['a'])],
      /wait for each other .*: a → b → c → a\.$|: b → c → a → b\.$|: c → a → b → c\.$/,
    ],
    ['one that comes after itself', [task('a', ['a'])], /^a comes after itself\.$/],
    ['a name that is there twice', [task('a'), task('a')], /^The graph has two tasks named a; /],
    ['an unknown name', [task('a', ['b'])], /^a comes after "b", which is no task of the graph and no id of one\.$/],
    ['an unknown id', [task('a'), task('b', ['task_00000000404'])], /^b: There is no task task_00000000404\.$/],
    ['an unknown agent', [task('a'), task('b', [], { agent: 'nobody' })], /^b: There is no agent nobody\.$/],
    [
      'two policies for one',
      [task('a'), task('b', ['a', { task: 'a', onFailure: 'run' }])],
      /^b: It comes after task_\w+ twice/,
    ],
  ])('refuses %s in one sentence, and takes nothing in', async (_what, tasks, message) => {
    await using opened = openApplication();
    await expect(opened.app.enqueueGraph({ tasks })).rejects.toMatchObject({
      message: expect.stringMatching(message) as unknown,
    });
    expect(await countTasks(opened)).toBe(0);
  });

  it('refuses ten thousand tasks with one cycle whole, and names it', async () => {
    await using opened = openApplication({ tasks: { maxPending: 100_000 } });
    const tasks = Array.from({ length: 10_000 }, (_, n) =>
      task(`t${String(n)}`, n === 0 ? ['t9999'] : [`t${String(n - 1)}`]),
    );
    await expect(opened.app.enqueueGraph({ tasks })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/: t\d+ → t\d+ → .* → … 9992 more … → .*\.$/) as unknown,
    });
    expect(await countTasks(opened)).toBe(0);
  });

  it('refuses more than a hundred thousand dependencies', async () => {
    await using opened = openApplication();
    const names = Array.from({ length: 10 }, (_, n) => `t${String(n)}`);
    const all = Array.from({ length: 10_000 }, () => 't0');
    const tasks = [...names.map((name) => task(name, name === 't0' ? [] : all)), task('x', all), task('y', all)];
    await expect(opened.app.enqueueGraph({ tasks })).rejects.toMatchObject({
      message: 'The graph has more than 100000 dependencies; join some by tasks between.',
    });
  });

  it.each([
    ['no tasks', { tasks: [] }, 'The graph has no tasks.'],
    [
      '10,001 tasks',
      { tasks: Array.from({ length: 10_001 }, (_, n) => task(`t${String(n)}`)) },
      'One call enqueues at most 10000 tasks; make several.',
    ],
    [
      '10,001 dependencies',
      {
        tasks: [
          task(
            'a',
            Array.from({ length: 10_001 }, () => 'b'),
          ),
        ],
      },
      'A task comes after at most 10000 others; join more by a task between.',
    ],
    [
      'a name like an id',
      { tasks: [task('task_00000000001')] },
      'A task of a graph must not be named like the id of a task.',
    ],
    ['a name of two words', { tasks: [task('a b')] }, 'A task of a graph is named with'],
    [
      'a policy that there is not',
      { tasks: [{ ...task('b'), after: [{ task: 'a', onFailure: 'wait' }] }] },
      'It must be the name or the id of a task, or { task, onFailure } with onFailure "fail" or "run".',
    ],
    ['defaults with a prompt', { tasks: [task('a')], defaults: { prompt: 'x' } }, 'prompt'],
    ['a time and a delay', { tasks: [task('a', [], { runAt: 1, delayMs: 1 })] }, 'Give runAt or delayMs, not both.'],
  ])('does not accept %s', (_what, graph, message) => {
    const { error } = EnqueueGraph.safeParse(graph);
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.message).toContain(message);
  });
});
