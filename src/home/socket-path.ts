import { ConfigurationError } from '../environment.js';

/** Longest path of a Unix socket, in bytes: macOS takes 103. Linux would take 107, but a home must do on both. */
export const MAX_SOCKET_PATH_BYTES = 103;

/** Throws a ConfigurationError for a path that no socket can have. A named pipe on Windows has a short name of its own. */
export function requireSocketPath(path: string): void {
  if (process.platform === 'win32' || Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return;
  throw new ConfigurationError(
    `${path} is too long for a socket, at most ${MAX_SOCKET_PATH_BYTES} bytes; choose a shorter CW_HOME.`,
  );
}
