import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { ProgramStart } from './protocol.js';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** What an agent says may quote anything that it read: for this user alone. */
const PRIVATE_FILE = 0o600;

/** How a program itself ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that was started. */
export interface Launched {
  readonly pid: number;
  /** Its standard input, when that comes from the server. */
  readonly input: Writable | null;
  readonly exit: Promise<Exit>;
}

/**
 * Starts a program in a session of its own, which writes straight to files, so that no reader of ours can make it wait.
 * Rejects with the system's error when it cannot be started.
 */
export async function launch(start: ProgramStart): Promise<Launched> {
  const files: FileHandle[] = [];
  const opened = async (path: string, flags: number) => {
    const file = await open(path, flags, PRIVATE_FILE);
    files.push(file);
    return file.fd;
  };
  const appended = (path: string) => opened(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
  try {
    const output = await appended(start.output);
    const errors = start.errors === start.output ? output : await appended(start.errors);
    const input = start.input.from === 'file' ? await opened(start.input.path, O_RDONLY | O_NOFOLLOW) : null;
    await assertDirectory(start.cwd);
    const stdin = start.input.from === 'server' ? 'pipe' : (input ?? 'ignore');
    return await spawned(start, [stdin, output, errors]);
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

function spawned(
  { program, args, cwd, env }: ProgramStart,
  stdio: ['pipe' | 'ignore' | number, number, number],
): Launched | Promise<never> {
  const child = spawn(program, args, { cwd, env, shell: false, detached: true, stdio, windowsHide: true });
  const { pid, stdin } = child;
  if (pid === undefined) return new Promise((_resolve, reject) => child.once('error', reject));
  // Of a program that runs, 'error' only means that a signal could not be sent, and none is sent this way.
  child.on('error', () => undefined);
  // EPIPE, when it reads no more; whoever writes is told by the callback of the write.
  stdin?.on('error', () => undefined);
  return {
    pid,
    input: stdin,
    exit: new Promise((resolve) => child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))),
  };
}

async function assertDirectory(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', path });
}
