import { z } from 'zod';
import { CancelTask } from '../../application/task/cancel-task.js';
import { EnqueueTask } from '../../application/task/enqueue-task.js';
import { GetTask } from '../../application/task/get-task.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { TaskView, taskAnswer } from './task-view.js';
import { defineTool } from './tool.js';

/** As the API takes a task, but whoever works in a directory need not name it, and the transport names the call. */
const SpawnTask = z
  .strictObject(EnqueueTask.shape)
  .omit({ requestId: true })
  .extend({
    workspace: EnqueueTask.shape.workspace
      .optional()
      .describe("Absolute path to work in, or a workspace's id; your own directory by default."),
  });

export const taskSpawn = defineTool({
  name: 'task_spawn',
  title: 'Start a task',
  description:
    'Gives a prompt to another coding agent, which works on it in the background on its own. Answers at once with the ' +
    'task; task_result waits for its outcome. With the same `unique` key an unfinished task is returned, not doubled: `existing` says so.',
  isReadOnly: false,
  input: SpawnTask,
  output: TaskView,
  async run({ workspace, ...rest }, { app, directory, requestId }) {
    const place = workspace ?? directory;
    if (place === null) {
      throw new DomainError('invalid_input', 'Say in `workspace` where to work: an absolute path.');
    }
    return taskAnswer(await app.enqueueTask(EnqueueTask.parse({ ...rest, workspace: place, requestId })));
  },
});

export const taskStatus = defineTool({
  name: 'task_status',
  title: 'Look at a task',
  description: 'Says how a task stands: blocked, scheduled, pending, processing, completed, failed or cancelled.',
  isReadOnly: true,
  input: GetTask,
  output: TaskView,
  run: async (input, { app }) => taskAnswer(await app.getTask(input), await app.listLimits()),
});

export const taskCancel = defineTool({
  name: 'task_cancel',
  title: 'Cancel a task',
  description: 'Cancels a task that has not finished, and ends its agent if one works on it.',
  isReadOnly: false,
  input: CancelTask,
  output: TaskView,
  run: async (input, { app }) => taskAnswer(await app.cancelTask(input)),
});
