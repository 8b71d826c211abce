import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseDeadline } from '../input/deadline.js';
import { parseDuration } from '../input/duration.js';
import { isId, parseId } from '../input/id.js';
import { readPrompt } from '../input/prompt.js';
import { parseRetry } from '../input/retry.js';
import { parseTime } from '../input/time.js';
import { parseWholeNumber } from '../input/whole-number.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** What the user may say about a new task; times and numbers are still text. */
export interface SpawnOptions extends JsonOption {
  readonly agent?: string;
  readonly fallback?: string;
  readonly workspace?: string;
  readonly priority?: string;
  readonly delay?: string;
  readonly at?: string;
  readonly after: readonly string[];
  readonly afterAny: readonly string[];
  readonly group?: string;
  readonly unique?: string;
  readonly uniqueWhile?: 'waiting' | 'unfinished';
  readonly uniqueFor?: string;
  readonly maxAttempts?: string;
  readonly backoff?: string;
  readonly neverRetry?: string;
  readonly timeout?: string;
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
  const { workspace = '.', agent, fallback, group, unique } = options;
  return {
    workspace: isId('workspace', workspace) ? workspace : resolve(workspace),
    agent,
    fallback,
    group,
    unique,
    uniqueScope: readUniqueScope(options),
    // So that a call whose answer is lost with its server can be made again at the next one.
    requestId: randomUUID(),
    ...readSchedule(options),
    // Last, so that a slip in the options is told before stdin is waited for.
    prompt: await readPrompt(words),
  };
}

/** When, how often and for how long it may run. */
export function readSchedule(options: SpawnOptions) {
  const { priority, delay, at, after, afterAny, maxAttempts, timeout, deadline } = options;
  if (delay !== undefined && at !== undefined) throw usageError('Give --delay or --at, not both.');
  return {
    priority: priority === undefined ? undefined : parseWholeNumber(priority, '--priority'),
    delayMs: delay === undefined ? undefined : parseDuration(delay, '--delay'),
    runAt: at === undefined ? undefined : parseTime(at, Date.now()),
    after: [
      ...after.map((id) => parseId('task', id)),
      ...afterAny.map((id) => ({ task: parseId('task', id), onFailure: 'run' as const })),
    ],
    maxAttempts: maxAttempts === undefined ? undefined : parseWholeNumber(maxAttempts, '--max-attempts'),
    deadline: deadline === undefined ? undefined : parseDeadline(deadline, Date.now()),
    retry: parseRetry(options.backoff, options.neverRetry),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout, '--timeout'),
  };
}

/** Which task stands for the new one by its unique key. */
function readUniqueScope({ unique, uniqueWhile, uniqueFor }: SpawnOptions) {
  if (unique === undefined && (uniqueWhile ?? uniqueFor) !== undefined) {
    throw usageError('Give the key that it is about: --unique KEY.');
  }
  return uniqueFor === undefined ? uniqueWhile : { periodMs: parseDuration(uniqueFor, '--unique-for') };
}
