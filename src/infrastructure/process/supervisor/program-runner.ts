import type {
  AgentRun,
  ProgramRequest,
  ProgramRunner,
  ProgramStart,
} from '../../../application/ports/program-runner.js';
import type { Timer } from '../../../application/ports/timer.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import type { Variables } from '../../../environment.js';
import { agentEnvironment } from '../agent-environment.js';
import { notStarted } from '../start-problem.js';
import type { Sweep } from '../sweep.js';
import type { AgentSupervisors, Held } from './agent-supervisors.js';
import { followProgram, processEnd } from './follow-program.js';
import { programStart } from './program-start.js';
import type { ProgramEnd } from './protocol.js';
import { LinkLost } from './supervisor-link.js';
import { withinLimits } from './within-limits.js';

export interface ProgramRunnerNeeds {
  /** The server's own environment; what reaches a program is decided by `agentEnvironment`. */
  readonly environment: Variables;
  readonly supervisors: AgentSupervisors;
  readonly sweep: Sweep;
  readonly timer: Timer;
  /** Most that one program may write, in bytes; over it, it is ended. */
  readonly maxOutputBytes: number;
}

/** What an earlier server left: the supervisor, or how its last program ended. */
export interface LeftBehind {
  readonly held: Held | null;
  readonly ended: { readonly name: string; readonly end: ProgramEnd } | null;
}

/** Keeps one supervisor over all programs of the agent; one that died meanwhile is replaced for the next program. */
export function createProgramRunner(needs: ProgramRunnerNeeds, run: AgentRun, left: LeftBehind | null): ProgramRunner {
  const { environment, supervisors, sweep, timer, maxOutputBytes } = needs;
  const { agentId, runId } = run;
  let ended = left?.ended ?? null;
  let holding: Promise<Held> | null = null;
  if (left === null) void hold().catch(() => undefined);
  else if (left.held !== null) void keep(Promise.resolve(left.held));

  function keep(next: Promise<Held>): Promise<Held> {
    const drop = () => {
      if (holding === next) holding = null;
    };
    holding = next;
    void next.then(({ link }) => link.lost).then(drop, drop);
    return next;
  }

  function hold(): Promise<Held> {
    return holding ?? keep(supervisors.hold(agentId, runId));
  }

  async function startUnder(held: Held, request: ProgramRequest): Promise<ProgramStart> {
    const { name, resume: once, outputFile: output } = request;
    const env = agentEnvironment(environment, { ...request, runId });
    const start = programStart(request, { name, once, env, maxOutputBytes });
    const answer = await held.link.ask({ do: 'start', start });
    if (answer.program === undefined) throw new Error('The supervisor did not say what it started.');
    if (answer.end !== undefined) return hasEnded(answer.end);
    // The supervisor is held on to for the next program.
    const followed = followProgram({ ...held, release: () => undefined }, answer.program, { runId, output }, sweep);
    return { started: true, pid: followed.pid, end: withinLimits(followed, request, timer) };
  }

  return {
    async run(request) {
      const { name, outputFile } = request;
      if (request.resume && ended?.name === name) return hasEnded(ended.end);
      ended = null;
      let held: Held;
      try {
        held = await hold();
      } catch (error) {
        return unsupervised(`The supervisor of an agent cannot be started (${messageOf(error)}).`);
      }
      try {
        return await startUnder(held, request);
      } catch (error) {
        if (!(error instanceof LinkLost)) return notStarted(request, error);
        // Nobody knows whether it was started, and nobody else can end it any more.
        await sweep({ runIds: [runId], root: null, outputFile });
        return unsupervised('The supervisor of the agent ended before it had started the program.');
      }
    },
    async release() {
      // One that could not be started is gone already.
      const held = await holding?.catch(() => null);
      held?.release();
    },
  };
}

function hasEnded(end: ProgramEnd): ProgramStart {
  return { started: true, pid: end.pid, end: Promise.resolve(processEnd(end)) };
}

function unsupervised(problem: string): ProgramStart {
  return { started: false, problem, temporary: true };
}
