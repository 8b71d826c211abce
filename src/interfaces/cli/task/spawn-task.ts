import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseDeadline } from '../input/deadline.js';
import { parseDuration } from '../input/duration.js';
import { parseId } from '../input/id.js';
import { parseTime } from '../input/time.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { readTaskOptions, type TaskOptions, withPrompt } from './read-task.js';

/** What the user may say about a new task; times and numbers are still text. */
export interface SpawnOptions extends TaskOptions, JsonOption {
  readonly delay?: string;
  readonly at?: string;
  readonly after: readonly string[];
  readonly afterAny: readonly string[];
  readonly deadline?: string;
  readonly wait?: true;
  readonly follow?: true;
}

/** Enqueues a task; prints it, or what becomes of it. */
export async function spawnTask(context: Context, words: readonly string[], options: SpawnOptions): Promise<ExitCode> {
  const request = await readRequest(words, options);
  await using client = await connect(context);
  const task = await client.task.enqueue.mutate(request);
  const terminal = createTerminal(context);
  if (task.existing) terminal.note(`No new task: ${task.id} has this unique key and is ${task.status}.`);
  if (options.wait === true || options.follow === true) {
    const { awaitTask } = await import('./await-task.js');
    return await awaitTask(context, client, task, { follow: options.follow === true, json: options.json === true });
  }
  if (options.json === true) terminal.printJson(task);
  else {
    terminal.print(task.id);
    terminal.note(`Follow it with: cw task logs -f ${task.id}`);
  }
  return EXIT.done;
}

async function readRequest(words: readonly string[], options: SpawnOptions) {
  if (words.length === 0) throw usageError('Say what the agent should do: cw spawn <prompt…>, or --graph FILE.');
  // So that a call whose answer is lost with its server can be made again at the next one.
  const requestId = randomUUID();
  return await withPrompt({ ...readTaskOptions(options), ...readTiming(options), requestId }, words);
}

/** When it may run, and until when. */
export function readTiming({ delay, at, after, afterAny, deadline }: SpawnOptions) {
  if (delay !== undefined && at !== undefined) throw usageError('Give --delay or --at, not both.');
  return {
    delayMs: delay === undefined ? undefined : parseDuration(delay, '--delay'),
    runAt: at === undefined ? undefined : parseTime(at, Date.now()),
    after: [
      ...after.map((id) => parseId('task', id)),
      ...afterAny.map((id) => ({ task: parseId('task', id), onFailure: 'run' as const })),
    ],
    deadline: deadline === undefined ? undefined : parseDeadline(deadline, Date.now()),
  };
}
