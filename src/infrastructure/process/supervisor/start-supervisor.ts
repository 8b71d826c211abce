import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { writeJsonLine } from './json-lines.js';
import { CHANNEL, type Opening } from './protocol.js';
import { createSupervisorLink, type SupervisorLink } from './supervisor-link.js';

/**
 * What keeps a process small that does next to nothing: no compiler, whose work such a process never has back (without it
 * turns are faster, and 5 MB are saved), little room for garbage, and a heap that a large prompt fits.
 */
const NODE_FLAGS = ['--jitless', '--max-semi-space-size=1', '--max-old-space-size=256'];

/**
 * Starts a supervisor that outlives this process, and resolves when it listens. Nothing of this process reaches it but
 * what is told over the channel. Rejects with the system's error, or LinkLost.
 */
export async function startSupervisor(program: string, opening: Opening): Promise<SupervisorLink> {
  const child = spawn(process.execPath, [...NODE_FLAGS, program, opening.agentId], {
    cwd: opening.directory,
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const channel = child.stdio[CHANNEL];
  if (child.pid === undefined) return new Promise((_resolve, reject) => child.once('error', reject));
  if (!(channel instanceof Socket)) throw new Error('The channel to the supervisor is none.');
  child.on('error', () => undefined);
  // It is told over the channel that it ended.
  child.unref();
  const link = createSupervisorLink(channel);
  const opened = link.opened();
  writeJsonLine(channel, opening).catch(() => channel.destroy());
  await opened;
  return link;
}
