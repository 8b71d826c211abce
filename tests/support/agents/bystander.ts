import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that no sweep may touch, unless the test says that it is one to sweep. Ended with its scope, by its handle. */
export interface Bystander extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<void>;
}

export function bystander(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Bystander {
  const child: ChildProcess = spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.pid === undefined) throw new Error(`Cannot start ${program}.`);
  return {
    pid: child.pid,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** True while the process does something: a zombie does nothing any more. */
export function isAlive(pid: number): boolean {
  try {
    const line = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    return !/^[ZXx]/.test(line.slice(line.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
