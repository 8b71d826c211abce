import { spawn } from 'node:child_process';
import type { Variables } from '../../environment.js';
import { serverProgram } from '../../installation.js';

/** Has `cw start` start a server in the background; that command knows how to do so once, however many ask at once. */
export function wakeServer(variables: Variables): void {
  const starter = spawn(process.execPath, [serverProgram(), 'start'], {
    detached: true,
    env: variables,
    stdio: 'ignore',
    windowsHide: true,
  });
  starter.once('error', () => undefined);
  starter.unref();
}
