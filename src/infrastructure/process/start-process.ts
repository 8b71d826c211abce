import type { StartProcess } from '../../application/ports/start-process.js';
import type { Timer } from '../../application/ports/timer.js';
import type { Variables } from '../../environment.js';
import { agentEnvironment } from './agent-environment.js';
import type { ProcessTable } from './process-table.js';
import { notStarted } from './start-problem.js';
import { processEnd } from './supervisor/follow-program.js';
import { startProgram } from './supervisor/program.js';
import { programStart } from './supervisor/program-start.js';
import { withinLimits } from './supervisor/within-limits.js';
import type { Sweep } from './sweep.js';

interface Dependencies {
  /** The server's own environment; what reaches the program is decided by `agentEnvironment`. */
  readonly environment: Variables;
  readonly table: ProcessTable;
  readonly sweep: Sweep;
  readonly timer: Timer;
  /** Most that one program may write, in bytes; over it, it is ended. */
  readonly maxOutputBytes: number;
}

/** Makes the function that does in this process what a supervisor does in one of its own. */
export function createStartProcess({ environment, timer, maxOutputBytes, ...rest }: Dependencies): StartProcess {
  return async (request) => {
    const env = agentEnvironment(environment, request);
    const start = programStart(request, { name: 'only', once: false, env, maxOutputBytes });
    try {
      const program = await startProgram(start, { ...rest, runId: request.runId });
      const running = { stop: program.stop.bind(program), ended: program.ended.then(processEnd) };
      return { started: true, pid: program.describe().pid, end: withinLimits(running, request, timer) };
    } catch (error) {
      return notStarted(request, error);
    }
  };
}
