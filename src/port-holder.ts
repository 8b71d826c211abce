import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State of a listening socket in /proc/net/tcp; include/net/tcp_states.h. */
const LISTENING = '0A';
/** Fields of a line of /proc/net/tcp; man 5 proc_net_tcp. */
const LOCAL_ADDRESS = 1;
const STATE = 3;
const INODE = 9;
/** Looking through every process's files is given up after this long, in milliseconds: a start must fail within 2 s. */
const PATIENCE_MS = 500;

/**
 * Who listens on a TCP port, for people: `nginx (process 123)`. Undefined where the system does not tell: elsewhere than
 * on Linux, and of processes of other users.
 */
export function holderOfPort(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(read(table), port)));
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const deadline = Date.now() + PATIENCE_MS;
  for (const pid of list('/proc')) {
    if (Date.now() > deadline) return undefined;
    if (/^\d+$/.test(pid) && list(`/proc/${pid}/fd`).some((fd) => links.has(linkOf(`/proc/${pid}/fd/${fd}`)))) {
      return `${nameOf(pid)} (process ${pid})`;
    }
  }
  return undefined;
}

/** The inodes of sockets that listen on this port, in the text of /proc/net/tcp or tcp6. */
export function listenersIn(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const inode = fields[INODE];
    const isIt = fields[STATE] === LISTENING && fields[LOCAL_ADDRESS]?.endsWith(suffix) === true;
    return isIt && inode !== undefined ? [inode] : [];
  });
}

/** A process may call itself anything. */
function nameOf(pid: string): string {
  return (
    read(`/proc/${pid}/comm`)
      .trim()
      .replace(/[^\x20-\x7e]/g, '?') || 'a program'
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
