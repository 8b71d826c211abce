import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));

/** No command of a test may take longer; it is killed then, and the test fails with what it printed. In milliseconds. */
const TIME_LIMIT_MS = 45_000;

export interface Ran {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly cwd?: string;
  /** Beside, or instead of, what every command of a test is given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another installation's `bin/cw.js`. */
  readonly program?: string;
  /** Longest time for a command that takes longer than others, in milliseconds. */
  readonly timeLimitMs?: number;
}

/** A command that runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves with all of stdout, or of stderr, once this is in it; rejects if the command ends before. */
  sees(text: string | RegExp, stream?: 'stdout' | 'stderr'): Promise<string>;
}

/** A temporary CW_HOME, and `cw` as a real process in it. At its end the server is stopped and nothing may be left. */
export interface CliHome extends AsyncDisposable {
  readonly path: string;
  /** A directory to work in; not the home. */
  readonly workspace: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** Runs the command with --json, which must succeed, and parses the one document that it prints. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>;
}

/** Opens a home in which no server runs. `path` is where it is to be, for one that must not be a plain directory. */
export function openHome(): CliHome {
  // Short, because the path of a socket may have 107 bytes only; real, because a home may be no symbolic link.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cw-e2e-')));
  const path = join(root, 'home');
  const workspace = mkdtempSync(join(root, 'workspace-'));

  function start(args: readonly string[], options: RunOptions = {}): Running {
    return startCommand(args, { cwd: workspace, ...options, env: { CW_HOME: path, ...options.env } });
  }
  const run = (args: readonly string[], options?: RunOptions) => start(args, options).ended;

  return {
    path,
    workspace,
    run,
    start,
    async json(args, options) {
      const ran = await run([...args, '--json'], options);
      if (ran.code !== 0) throw new Error(`cw ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
      return JSON.parse(ran.stdout) as unknown;
    },
    async [Symbol.asyncDispose]() {
      const stopped = await run(['stop', '--now']);
      const left = processesWith(`CW_HOME=${path}`);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      rmSync(root, { recursive: true, force: true });
      if (stopped.code !== 0) throw new Error(`cw stop ended with ${stopped.code}: ${stopped.stderr}`);
      if (left.length > 0) throw new Error(`${left.length} processes of ${path} outlived cw stop: ${left.join(', ')}`);
    },
  };
}

/** How to start a command with pipes that somebody else holds, in the shape that the MCP SDK takes. */
export function commandIn({ path, workspace }: CliHome, args: readonly string[], env: Record<string, string> = {}) {
  return {
    command: process.execPath,
    args: [CW, ...args],
    cwd: workspace,
    env: { ...baseEnvironment(), CW_HOME: path, ...env },
  };
}

function startCommand(args: readonly string[], options: RunOptions): Running {
  const { stdin, cwd, env, program = CW, timeLimitMs = TIME_LIMIT_MS } = options;
  const child = spawn(process.execPath, [program, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...baseEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  // A command that does not read its stdin may be gone before all of it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...printed });
    });
  });
  return {
    process: child,
    ended,
    sees: (text, stream = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = () => {
          const isThere = typeof text === 'string' ? printed[stream].includes(text) : text.test(printed[stream]);
          if (!isThere) return;
          watchers.delete(look);
          resolve(printed[stream]);
        };
        watchers.add(look);
        look();
        void ended.then((ran) =>
          reject(new Error(`cw ${args.join(' ')} ended without ${text}: ${JSON.stringify(ran)}`)),
        );
      }),
  };
}

/** What a command needs to run, and nothing that changes what it prints. */
function baseEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, CW_PORT: '0', LANG: 'C.UTF-8', TZ: 'UTC' };
}

/** The ids of the processes whose environment holds this variable. Linux only: elsewhere none is found. */
export function processesWith(variable: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(variable))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
