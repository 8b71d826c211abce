import { resolve } from 'node:path';
import { usageError } from '../cli-error.js';
import { parseDuration } from '../input/duration.js';
import { isId } from '../input/id.js';
import { readPrompt } from '../input/prompt.js';
import { parseRetry } from '../input/retry.js';
import { parseWholeNumber } from '../input/whole-number.js';

/** What the user may say about a task whenever it is enqueued; times and numbers are still text. */
export interface TaskOptions {
  readonly agent?: string;
  readonly fallback?: string;
  readonly workspace?: string;
  readonly priority?: string;
  readonly group?: string;
  readonly unique?: string;
  readonly uniqueWhile?: 'waiting' | 'unfinished';
  readonly uniqueFor?: string;
  readonly maxAttempts?: string;
  readonly backoff?: string;
  readonly neverRetry?: string;
  readonly timeout?: string;
}

/** Reads all but the prompt. */
export function readTaskOptions(options: TaskOptions) {
  const { workspace = '.', agent, fallback, priority, group, unique, maxAttempts, timeout } = options;
  return {
    workspace: isId('workspace', workspace) ? workspace : resolve(workspace),
    agent,
    fallback,
    group,
    unique,
    uniqueScope: readUniqueScope(options),
    priority: priority === undefined ? undefined : parseWholeNumber(priority, '--priority'),
    maxAttempts: maxAttempts === undefined ? undefined : parseWholeNumber(maxAttempts, '--max-attempts'),
    retry: parseRetry(options.backoff, options.neverRetry),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout, '--timeout'),
  };
}

/** Reads the prompt after `options` were read, so that a slip in those is told before stdin is waited for. */
export async function withPrompt<Options extends object>(options: Options, words: readonly string[]) {
  return { ...options, prompt: await readPrompt(words) };
}

/** Which task stands for the new one by its unique key. */
function readUniqueScope({ unique, uniqueWhile, uniqueFor }: TaskOptions) {
  if (unique === undefined && (uniqueWhile ?? uniqueFor) !== undefined) {
    throw usageError('Give the key that it is about: --unique KEY.');
  }
  return uniqueFor === undefined ? uniqueWhile : { periodMs: parseDuration(uniqueFor, '--unique-for') };
}
