import { createHash } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where everything lies in a data directory (CW_HOME), as contracts.md names it. */
export interface HomePaths {
  readonly home: string;
  readonly config: string;
  readonly database: string;
  /** When the database was last checked, and what was found; see check-record.ts. */
  readonly databaseCheck: string;
  /** How far the database had been committed; see decision 10. */
  readonly mark: string;
  readonly token: string;
  /** May post agents' hooks on TCP, and nothing else. */
  readonly hooksToken: string;
  /** A Unix socket, or on Windows a named pipe. */
  readonly socket: string;
  readonly serverLock: string;
  readonly spawnLock: string;
  readonly serverHint: string;
  /** Says that a server is about to follow the one that ends; see successor-note.ts. */
  readonly successor: string;
  /** Times of starts that failed; see crash-record.ts. */
  readonly crashes: string;
  readonly logs: string;
  readonly serverLog: string;
  /** What the last server that was started in the background printed before its log was open. */
  readonly startLog: string;
  readonly runs: string;
  /** What the programs of agents that keep running say. */
  readonly agents: string;
  /** A file for each agent that runs, with its token. */
  readonly agentTokens: string;
  /** Where an agent that distils works, while it does. */
  readonly distiller: string;
  /** A copy of another program's database, while it is imported. */
  readonly imports: string;
  readonly backups: string;
  /** What agents' hooks said while no server answered. */
  readonly spool: string;
}

/** The places in this data directory; an absolute path. */
export function homePaths(home: string): HomePaths {
  const logs = join(home, 'logs');
  return {
    home,
    config: join(home, 'config.json'),
    database: join(home, 'cw.db'),
    databaseCheck: join(home, 'database-check.json'),
    mark: join(home, 'cw.mark'),
    token: join(home, 'token'),
    hooksToken: join(home, 'hooks-token'),
    socket: socketPathOf(home),
    serverLock: join(home, 'server.lock'),
    spawnLock: join(home, 'spawn.lock'),
    serverHint: join(home, 'server.json'),
    successor: join(home, 'successor.json'),
    crashes: join(home, 'crashes.json'),
    logs,
    serverLog: join(logs, 'server.log'),
    startLog: join(logs, 'start.log'),
    runs: join(home, 'runs'),
    agents: join(home, 'agents'),
    agentTokens: join(home, 'agent-tokens'),
    distiller: join(home, 'distiller'),
    imports: join(home, 'import'),
    backups: join(home, 'backups'),
    spool: spoolOf(home),
  };
}

/** Where the server of this data directory listens: a Unix socket, or on Windows a named pipe. */
export function socketPathOf(home: string): string {
  return process.platform === 'win32' ? pipeName(home) : join(home, 'cw.sock');
}

/** Where hooks put what they cannot deliver. */
export function spoolOf(home: string): string {
  return join(home, 'spool');
}

/** The data directory of a user who names none. HOME counts if it is a path; one that is empty would mean any place. */
export function defaultHome(): string {
  const home = homedir();
  return join(isAbsolute(home) ? home : userInfo().homedir, '.codewalkers');
}

/** Named pipes have no directory to lie in, so the data directory's path makes the name. */
function pipeName(home: string): string {
  return `\\\\.\\pipe\\codewalkers-${createHash('sha256').update(home.toLowerCase()).digest('hex').slice(0, 32)}`;
}
