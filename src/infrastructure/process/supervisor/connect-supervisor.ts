import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type RunningProgram, SECRET_NAME, SOCKET_NAME } from './protocol.js';
import { createSupervisorLink, type SupervisorLink } from './supervisor-link.js';

/** Longest path of a Unix socket that every platform takes, in bytes; macOS takes 103, Linux 107. */
const MAX_SOCKET_PATH_BYTES = 103;

/** Longest wait for its answer, in milliseconds: one that is frozen must not keep the server from starting. */
const HELLO_LIMIT_MS = 2_000;

/** A supervisor that an earlier server started, and what runs under it. */
export interface Found {
  readonly link: SupervisorLink;
  readonly program: RunningProgram | null;
}

/** Connects to the supervisor of this directory. Null when none answers, or it is that of another run. */
export async function connectSupervisor(directory: string, runId: string): Promise<Found | null> {
  let giveUp: NodeJS.Timeout | undefined;
  try {
    const secret = await readFile(join(directory, SECRET_NAME), 'utf8');
    const socket = await connected(directory);
    giveUp = setTimeout(() => socket.destroy(), HELLO_LIMIT_MS);
    const link = createSupervisorLink(socket);
    const answer = await link.ask({ do: 'hello', secret });
    if (answer.runId === runId) return { link, program: answer.program ?? null };
    link.leave();
    return null;
  } catch {
    // No secret, no socket, nobody behind it, or somebody who does not answer: there is none.
    return null;
  } finally {
    clearTimeout(giveUp);
  }
}

function connected(directory: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(directory);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Where the path is too long for a socket, it is dialled from within its directory: Node does so before it returns. */
function dial(directory: string): Socket {
  const path = join(directory, SOCKET_NAME);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return connect(path);
  const before = process.cwd();
  process.chdir(directory);
  try {
    return connect(SOCKET_NAME);
  } finally {
    process.chdir(before);
  }
}
