import { expect, it } from 'vitest';
import { attemptName } from '../../../src/domain/task/attempt.js';
import { attemptPaths } from '../../../src/infrastructure/filesystem/attempt-paths.js';

it('puts the files of an attempt into a directory of its own', () => {
  expect(attemptPaths('/runs', attemptName('task_00000000001', 2))).toEqual({
    directory: '/runs/task_00000000001-2',
    output: '/runs/task_00000000001-2/output.log',
    prompt: '/runs/task_00000000001-2/prompt.txt',
    results: '/runs/task_00000000001-2/results.json',
  });
});

it.each(['', '.', '..', '../x', 'a/b', '/etc', 'a\\b', 'a\0', '-x', '.hidden', 'a\n', 'x'.repeat(101)])(
  'refuses %j, which could lead elsewhere',
  (name) => {
    expect(() => attemptPaths('/runs', name)).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
  },
);
