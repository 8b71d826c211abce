import { type AgentProfile, stallTimeoutOf } from '../../../domain/agent/agent-profile.js';
import type { AgentId } from '../../../domain/shared/id.js';
import { attemptName } from '../../../domain/task/attempt.js';
import type { ProcessingTask } from '../../../domain/task/task.js';
import type { Dependencies } from '../../dependencies.js';
import type { AttemptFiles } from '../../ports/attempt-files.js';
import type { LookAtRun, RunActivity } from '../../ports/look-at-run.js';
import type { Timer } from '../../ports/timer.js';

/** A turn that is over sooner, in milliseconds, needs no clock: most commands are, and finding a profile takes time. */
const FIRST_MS = 1_000;
/** Looks within the time after which a turn counts as stalled: it ends at most one look later than that. */
const LOOKS = 6;
/** Longest time between two looks, in milliseconds: what an agent does must not hide between them. */
const MAX_LOOK_MS = 60_000;
/** Share of one processor that counts as work. A program that only waits wakes up now and then, and uses far less. */
const BUSY_SHARE = 0.01;

export interface StallClockNeeds extends Pick<Dependencies, 'profiles' | 'logger'> {
  readonly runIdOf: (agentId: AgentId) => Promise<string>;
  readonly timer: Timer;
  readonly lookAtRun: LookAtRun;
  readonly attemptFiles: Pick<AttemptFiles, 'tail'>;
}

export interface StallCallbacks {
  /** Whether the agent waits for a person: then it may be silent. */
  readonly isWaiting: () => boolean;
  /** The turn does nothing any more; the message is a sentence for its task. Called once at most. */
  readonly stalled: (message: string) => void;
}

/** Finds out that a turn does nothing any more. */
export interface StallClock extends Disposable {
  /** The agent has told something. */
  heard(): void;
}

/** What a look found; a change of it is a sign of life. */
interface Look extends RunActivity {
  readonly outputBytes: number;
}

/**
 * Opens the clock of a turn. A turn is stalled when, for as long as its profile says, its agent has told nothing, its
 * output has not grown, its processes have used next to no processor time, and none of them has started or ended. Time is
 * counted in looks and not by the clock, so that a machine that slept or whose clock was set does not stall its turns.
 */
export function createOpenStallClock(needs: StallClockNeeds) {
  const { timer, profiles, logger } = needs;
  return (task: ProcessingTask, { isWaiting, stalled }: StallCallbacks): StallClock => {
    let isOver = false;
    let callOff = () => {};
    let wasHeard = false;
    let quietMs = 0;
    let before: Look | null = null;

    async function look(): Promise<Look> {
      const [activity, { bytes }] = await Promise.all([
        needs.lookAtRun(await needs.runIdOf(task.agentId)),
        needs.attemptFiles.tail(attemptName(task.id, task.epoch)),
      ]);
      return { ...activity, outputBytes: bytes };
    }

    async function check(lookMs: number): Promise<void> {
      const isAlive = wasHeard || isWaiting();
      wasHeard = false;
      if (isAlive) {
        quietMs = 0;
        before = null;
        return;
      }
      const now = await look();
      quietMs = before !== null && hasWorked(before, now, lookMs) ? 0 : quietMs + lookMs;
      before = now;
    }

    function lookLater(timeoutMs: number): void {
      const lookMs = Math.min(MAX_LOOK_MS, Math.ceil(timeoutMs / LOOKS));
      callOff = timer(lookMs, () => {
        void check(lookMs)
          // A look that fails is no sign of anything.
          .catch((error: unknown) => logger.warn('a running turn could not be looked at', { taskId: task.id, error }))
          .then(() => {
            if (isOver) return;
            if (quietMs >= timeoutMs) stalled(messageOf(timeoutMs));
            else lookLater(timeoutMs);
          });
      });
    }

    function begin(profile: AgentProfile): void {
      const timeoutMs = stallTimeoutOf(profile);
      if (timeoutMs > 0 && !isOver) lookLater(timeoutMs);
    }

    callOff = timer(FIRST_MS, () => {
      profiles.get(task.agent).then(begin, (error: unknown) => {
        logger.warn('a turn has no clock for stalls', { taskId: task.id, error });
      });
    });
    return {
      heard() {
        wasHeard = true;
      },
      [Symbol.dispose]() {
        isOver = true;
        callOff();
      },
    };
  };
}

function hasWorked(before: Look, now: Look, lookMs: number): boolean {
  if (now.outputBytes !== before.outputBytes) return true;
  if (now.processes.size !== before.processes.size) return true;
  if ([...now.processes].some((key) => !before.processes.has(key))) return true;
  return now.cpuMs - before.cpuMs >= lookMs * BUSY_SHARE;
}

function messageOf(timeoutMs: number): string {
  const minutes = Math.round(timeoutMs / 6_000) / 10;
  const time = timeoutMs < 60_000 ? `${String(timeoutMs / 1_000)} s` : `${String(minutes)} min`;
  return `Stalled: for ${time} it said nothing, used no processor time and started or ended no process, so it was stopped.`;
}
