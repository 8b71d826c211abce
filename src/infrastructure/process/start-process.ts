import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { ProcessEnd, ProcessRequest, StartProcess } from '../../application/ports/start-process.js';
import type { Timer } from '../../application/ports/timer.js';
import type { StopReceipt } from '../../domain/agent/agent.js';
import type { Variables } from '../../environment.js';
import { agentEnvironment } from './agent-environment.js';
import { limitOutput } from './output-limit.js';
import type { ProcessTable } from './process-table.js';
import { notStarted } from './start-problem.js';
import type { Sweep } from './sweep.js';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** An agent's output may quote anything that it read: for this user alone. */
const OUTPUT_MODE = 0o600;

interface Dependencies {
  /** The server's own environment; what reaches the program is decided by `agentEnvironment`. */
  readonly environment: Variables;
  readonly table: ProcessTable;
  readonly sweep: Sweep;
  readonly timer: Timer;
  /** Most that one program may write, in bytes; over it, it is ended. */
  readonly maxOutputBytes: number;
}

/**
 * Makes the function that runs programs. A program leads a session of its own, reads a file or nothing, and writes both
 * its outputs straight to one file, so that no reader of ours can make it wait and no amount of output fills our memory.
 * After its end, whatever the end was, what it left running is swept.
 */
export function createStartProcess(needs: Dependencies): StartProcess {
  const { environment, table, sweep } = needs;
  return async (request) => {
    const files: FileHandle[] = [];
    try {
      const output = await open(request.outputFile, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, OUTPUT_MODE);
      files.push(output);
      const input = request.inputFile === null ? null : await open(request.inputFile, O_RDONLY | O_NOFOLLOW);
      if (input !== null) files.push(input);
      await assertDirectory(request.cwd);

      const spawned = spawnProgram(request, agentEnvironment(environment, request), output.fd, input?.fd ?? 'ignore');
      const child = spawned instanceof Promise ? await spawned : spawned;
      // Before anything else is awaited: until then its pid cannot be taken by another, even if it has ended already.
      const root = await table.identify(child.pid);
      return { started: true, pid: child.pid, end: supervise(child) };

      async function supervise(running: Spawned): Promise<ProcessEnd> {
        const why = await ended(running, request, needs);
        const receipt = await sweep({ runIds: [request.runId], root, outputFile: request.outputFile });
        if (why !== 'exit') return { how: why, receipt };
        return exitOf(await running.exit, receipt);
      }
    } catch (error) {
      return notStarted(request, error);
    } finally {
      await Promise.all(files.map((file) => file.close()));
    }
  };
}

/** How the program itself ended. */
interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Spawned {
  readonly pid: number;
  readonly exit: Promise<Exit>;
}

/**
 * Node's own spawn: a library around it would cost a millisecond for each turn and 0.1 s at the server's start, for
 * streams that are not used here. Rejects with the system's error when the program cannot be started.
 */
function spawnProgram(
  request: ProcessRequest,
  env: Record<string, string>,
  output: number,
  input: number | 'ignore',
): Spawned | Promise<never> {
  const child = spawn(request.program, request.args, {
    cwd: request.cwd,
    env,
    shell: false,
    // A session and process group of its own, so that a terminal's Ctrl-C reaches the server alone.
    detached: true,
    stdio: [input, output, output],
    windowsHide: true,
  });
  const { pid } = child;
  if (pid === undefined) return new Promise((_resolve, reject) => child.once('error', reject));
  // Of a program that runs, 'error' only means that a signal could not be sent, and none is sent this way.
  child.on('error', () => undefined);
  return {
    pid,
    exit: new Promise((resolve) => child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))),
  };
}

async function assertDirectory(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR', path });
}

type Why = 'exit' | 'timeout' | 'aborted' | 'flooded';

/** Resolves with the first that happens; by then no timer, watch or listener is left. */
function ended(running: Spawned, request: ProcessRequest, { timer, maxOutputBytes }: Dependencies): Promise<Why> {
  const { outputFile, timeoutMs, signal } = request;
  return new Promise((resolve) => {
    const settle = (why: Why) => {
      cancelTimer();
      endLimit();
      signal.removeEventListener('abort', onAbort);
      resolve(why);
    };
    const onAbort = () => settle('aborted');
    const cancelTimer = timer(timeoutMs, () => settle('timeout'));
    const endLimit = limitOutput(outputFile, maxOutputBytes, timer, () => settle('flooded'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    void running.exit.then(() => settle('exit'));
  });
}

function exitOf({ exitCode, signal }: Exit, receipt: StopReceipt): ProcessEnd {
  if (signal !== null) return { how: 'killed', signal, receipt };
  // Node gives one of the two; a success is never guessed.
  return { how: 'exited', exitCode: exitCode ?? 1, receipt };
}
