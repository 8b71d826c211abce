import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { parse } from 'node:path';
import type { Environment } from '../../../environment.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { serverProgram } from '../../../installation.js';
import { CliError } from '../cli-error.js';
import { readStartSentence } from './start-log.js';

const OWNER_ONLY = 0o600;

/**
 * Starts a server in the background. Resolves with `ready` once it listens, or with `refused` when another server turns
 * out to own the data directory; throws a CliError, with the server's own sentence, when it cannot start.
 */
export async function launchServer(
  environment: Environment,
  paths: HomePaths,
  deadline: number,
): Promise<'ready' | 'refused'> {
  const log = openSync(paths.startLog, 'w', OWNER_ONLY);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [serverProgram(), 'serve'], {
      // Not where the user is, so that the server holds no directory that somebody may want to remove or unmount.
      cwd: parse(paths.home).root,
      // CW_HOME may have been relative to where the user is.
      env: { ...environment.variables, CW_HOME: paths.home },
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
  } finally {
    closeSync(log);
  }
  const end = await firstWord(child, deadline);
  if (child.connected) child.disconnect();
  child.unref();
  if (end === 'ready') return 'ready';
  if (end === 'silent') {
    throw new CliError(EXIT.failed, `The server is still starting; see ${paths.startLog} and try again.`);
  }
  if (end.exitCode === EXIT.otherServer) return 'refused';
  const sentence = readStartSentence(paths.startLog);
  throw new CliError(
    asExitCode(end.exitCode),
    sentence ?? `The server ended while it was starting (${end.how}); see ${paths.startLog}.`,
  );
}

type FirstWord = 'ready' | 'silent' | { readonly exitCode: number | null; readonly how: string };

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
    child.once('exit', (code, signal) => settle({ exitCode: code, how: signal ?? `exit code ${String(code)}` }));
    child.on('message', (message) => {
      if (typeof message === 'object' && 'type' in message && message.type === 'ready') settle('ready');
    });
  });
}

function asExitCode(code: number | null): ExitCode {
  return code === EXIT.portTaken || code === EXIT.configuration ? code : EXIT.failed;
}
