import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { EnqueuedGraph } from '../../src/application/task/enqueue-graph.js';
import { EarlierResult } from '../../src/application/task/get-results.js';
import { TaskTree } from '../../src/application/task/get-task-tree.js';
import { Task } from '../../src/domain/task/task.js';
import { openHome } from '../support/cli.js';

it('runs a graph of tasks from a file, each reading what those before it gave, and draws it', async () => {
  await using home = openHome();
  const clean = 'cat "$CW_RESULTS"; printf %s "$CW_RESULTS" > where';
  const file = join(home.workspace, 'release.json');
  const graph = (tasks: object[]) => writeFileSync(file, JSON.stringify({ tasks }));
  graph([
    { name: 'report', prompt: clean, after: ['build', { task: 'test', onFailure: 'run' }] },
    { name: 'test', prompt: 'exit 3', after: ['build'], maxAttempts: 1 },
    { name: 'build', prompt: 'printf "%s" "${CW_RESULTS-none}"' },
    { name: 'ship', prompt: 'echo never', after: ['test'] },
  ]);
  const spawned = await home.run(['spawn', '--agent', 'shell', '--graph', file, '--wait']);
  expect(spawned).toMatchObject({ code: 1 });
  expect(spawned.stdout).toMatch(
    /^└─ build {2}task_\w+ {2}pending\n {3}├─ report {2}task_\w+ {2}blocked\n {3}└─ test {2}task_\w+ {2}blocked\n {6}├─ report {2}\(above\)\n {6}└─ ship {2}task_\w+ {2}blocked\n$/,
  );
  expect(spawned.stderr).toMatch(
    /2 of 4 tasks did not complete\.\n {2}test \(task_\w+\): .*\n {2}ship \(task_\w+\): It comes after/,
  );

  const id = /report {2}(task_\w+)/.exec(spawned.stdout)?.[1] ?? '';
  const results = z.array(EarlierResult).parse(await home.json(['task', 'results', id]));
  expect(results).toMatchObject([
    { status: 'completed', result: { text: 'none', exitCode: 0 } },
    { status: 'failed', result: null, error: { code: 'failed' } },
  ]);
  const report = Task.parse(await home.json(['task', 'show', id]));
  expect(JSON.parse(report.result?.text ?? '')).toEqual(results);
  const path = readFileSync(join(home.workspace, 'where'), 'utf8');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await home.run(['task', 'results', id])).stdout).toMatch(
    /^task_\w+ {2}completed\nnone\n\ntask_\w+ {2}failed {2}/,
  );

  const tree = TaskTree.parse(await home.json(['task', 'tree', id]));
  expect(tree.before.lines.map(({ status, depth, isAbove }) => [status, depth, isAbove])).toEqual([
    ['completed', 0, false],
    ['failed', 0, false],
    ['completed', 1, true],
  ]);
  expect((await home.run(['task', 'tree', results[1]?.id ?? ''])).stdout).toMatch(
    /^task_\w+ {2}failed {2}exit 3\n\ncomes after\n└─ task_\w+ {2}completed {2}printf .*\n\nbefore\n├─ task_\w+ {2}completed .* \(runs anyway\)\n└─ task_\w+ {2}failed {2}echo never\n$/,
  );

  // What the command says is for those that say nothing; a graph that cannot be is refused as a whole, with its cycle.
  graph([
    { name: 'a', prompt: 'true', agent: 'shell', priority: 1 },
    { name: 'b', prompt: 'true', after: ['a'] },
  ]);
  const json = EnqueuedGraph.parse(await home.json(['spawn', '--agent', 'shell', '--priority', '7', '--graph', file]));
  expect([json.tasks['a']?.priority, json.tasks['b']?.priority, json.tasks['b']?.workspace]).toEqual([
    1,
    7,
    home.workspace,
  ]);
  graph([
    { name: 'a', prompt: 'x', after: ['b'] },
    { name: 'b', prompt: 'x', after: ['a'] },
  ]);
  expect(await home.run(['spawn', '--agent', 'shell', '--graph', file])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/each for the one before it: (?:a → b → a|b → a → b)\.\n$/) as unknown,
  });
  writeFileSync(file, '{"tasks": [');
  expect(await home.run(['spawn', '--graph', file])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/release\.json is not valid JSON: /) as unknown,
  });
  expect(await home.run(['spawn', '--graph', file, 'word'])).toMatchObject({ code: 2 });
});
