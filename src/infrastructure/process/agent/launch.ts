import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { AgentPaths } from './agent-paths.js';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
const NEW_FILE = O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_NOFOLLOW;
/** What an agent says may quote anything that it read: for this user alone. */
const PRIVATE_FILE = 0o600;

/** A program to start. `env` is its whole environment. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a program itself ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that was started. */
export interface Launched {
  readonly pid: number;
  readonly input: Writable;
  readonly exit: Promise<Exit>;
}

/**
 * Starts a program in a session of its own, with a pipe for its input and files for its outputs. Rejects with the
 * system's error when it cannot be started.
 */
export async function launch({ program, args, cwd, env }: Launch, { output, errors }: AgentPaths): Promise<Launched> {
  await using out = await open(output, NEW_FILE, PRIVATE_FILE);
  await using err = await open(errors, NEW_FILE, PRIVATE_FILE);
  if (!(await stat(cwd)).isDirectory())
    throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', path: cwd });
  // The types take a descriptor for a stream that may be there.
  const child = spawn(program, args, {
    cwd,
    env,
    shell: false,
    detached: true,
    stdio: ['pipe', out.fd, err.fd],
    windowsHide: true,
  }) as ChildProcessByStdio<Writable, null, null>;
  const { pid } = child;
  if (pid === undefined) return await new Promise((_resolve, reject) => child.once('error', reject));
  // Of a program that runs, 'error' only means that a signal could not be sent, and none is sent this way.
  child.on('error', () => undefined);
  // EPIPE, when it reads no more; whoever writes is told by the callback of the write.
  child.stdin.on('error', () => undefined);
  return {
    pid,
    input: child.stdin,
    exit: new Promise((resolve) => child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))),
  };
}
