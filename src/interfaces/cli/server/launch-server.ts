import type { ChildProcess } from 'node:child_process';
import type { Environment } from '../../../environment.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import {
  CRASH_WINDOW_MS,
  MAX_CRASHES,
  recordStart,
  restAfterCrashes,
  withdrawStart,
} from '../../../home/crash-record.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { spawnServer } from '../../../spawn-server.js';
import { CliError } from '../cli-error.js';
import { formatDuration } from '../output/times.js';
import { readLogEnd, readStartSentence } from './start-log.js';

/**
 * Starts a server in the background, under the spawn lock. Resolves with `ready` once it listens, or with `refused` when
 * another server turns out to own the data directory; throws a CliError when it cannot start, with the server's own
 * sentence or the end of its log, and without starting one when the last ones crashed in a loop.
 */
export async function launchServer(
  { variables }: Environment,
  paths: HomePaths,
  deadline: number,
): Promise<'ready' | 'refused'> {
  const now = Date.now();
  const restMs = await restAfterCrashes(paths.crashes, now);
  if (restMs > 0) throw crashLoop(paths, restMs);
  await recordStart(paths.crashes, now);

  const child = spawnServer({ paths, variables, tells: true });
  const end = await firstWord(child, deadline);
  if (child.connected) child.disconnect();
  child.unref();
  if (end === 'silent') {
    throw new CliError(EXIT.failed, `The server is still starting; see ${paths.startLog} and try again.`);
  }
  const exitCode = end === 'ready' ? EXIT.done : end.exitCode;
  // A server that ends with a sentence for the user has not crashed.
  if (isForeseen(exitCode)) await withdrawStart(paths.crashes, now);
  if (end === 'ready') return 'ready';
  if (exitCode === EXIT.otherServer) return 'refused';
  const sentence = readStartSentence(paths.startLog) ?? end.sentence;
  if (sentence !== undefined) throw new CliError(isForeseen(exitCode) ? exitCode : EXIT.failed, sentence);
  throw new CliError(
    EXIT.failed,
    `The server ended while it was starting (${end.how}); ${paths.startLog} ends with:`,
    readLogEnd(paths),
  );
}

function crashLoop(paths: HomePaths, restMs: number): CliError {
  const [window, rest] = [formatDuration(CRASH_WINDOW_MS), formatDuration(Math.ceil(restMs / 1_000) * 1_000)];
  return new CliError(
    EXIT.failed,
    `The server for ${paths.home} crashed ${String(MAX_CRASHES)} times within ${window} and is not started for another ${rest}; its log ends with:`,
    readLogEnd(paths),
  );
}

/** `sentence` is what the server said why it does not start, if it did. */
interface End {
  readonly exitCode: number | null;
  readonly how: string;
  readonly sentence: string | undefined;
}

type FirstWord = 'ready' | 'silent' | End;

/** What the new process does first: say that it listens, end, or neither before the deadline. */
function firstWord(child: ChildProcess, deadline: number): Promise<FirstWord> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('silent'), Math.max(0, deadline - Date.now()));
    const settle = (end: FirstWord) => {
      clearTimeout(timer);
      resolve(end);
    };
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    let sentence: string | undefined;
    child.on('message', (message) => {
      if (typeof message !== 'object' || !('type' in message)) return;
      if (message.type === 'ready') settle('ready');
      if (message.type === 'failed' && 'message' in message) sentence = String(message.message);
    });
    // Not at its exit: its last word may still be on the way then.
    child.once('close', (code, signal) =>
      settle({ exitCode: code, how: signal ?? `exit code ${String(code)}`, sentence }),
    );
  });
}

/** Whether a server ends with this code on purpose. */
function isForeseen(code: number | null): code is ExitCode {
  return code === EXIT.done || code === EXIT.portTaken || code === EXIT.otherServer || code === EXIT.configuration;
}
