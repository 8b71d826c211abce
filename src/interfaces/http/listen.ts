import { chmod, lstat, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type ListenOptions } from 'node:net';
import { codeOf } from '../../domain/shared/thrown.js';
import { ConfigurationError } from '../../environment.js';
import { requireSocketPath } from '../../home/socket-path.js';
import { holderOfPort } from '../../port-holder.js';

/** Somebody else answers at an address that the server wants. One sentence that names it; exit code 69. */
export class AddressInUseError extends Error {
  override readonly name = 'AddressInUseError';
}

/** Listens on loopback; 0 is any free port. */
export async function listenOnPort(server: Server, port: number): Promise<void> {
  try {
    await listen(server, { host: '127.0.0.1', port, exclusive: true });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new AddressInUseError(
      `Port ${port} on 127.0.0.1 is held by ${holderOfPort(port) ?? 'another program'}; stop it, or choose another port with CW_PORT.`,
    );
  }
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

/**
 * Listens on a Unix socket (on Windows a named pipe) that only this user may open. A socket file that nobody answers at
 * was left by a server that was killed, and is replaced. Throws an AddressInUseError, or a ConfigurationError for a path
 * that no socket can have.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (process.platform === 'win32') {
    await listenAt(server, path);
    return;
  }
  requireSocketPath(path);
  await removeStaleSocket(path);
  await listenAt(server, path);
  await chmod(path, 0o600);
}

async function listenAt(server: Server, path: string): Promise<void> {
  try {
    await listen(server, { path });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw inUse(path);
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ConfigurationError(`${path} is not a socket; move it away, the server's socket belongs there.`);
  }
  if (await answers(path)) throw inUse(path);
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      socket.destroy();
      if (['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')) resolve(false);
      else reject(error);
    });
  });
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function inUse(path: string): AddressInUseError {
  return new AddressInUseError(`Another server answers at ${path}.`);
}
