import type { Fact } from '../../domain/event/event.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { AgentPool } from '../agent/agent-pool.js';
import type { AttemptRunner } from '../agent/attempt-runner.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';
import type { NoteWork } from '../ports/event-loop.js';
import type { createClaimTasks } from './claim-tasks.js';
import type { createExpireTasks } from './expire-tasks.js';
import type { createReleaseDueTasks } from './release-due-tasks.js';

/** Longest sleep of the timer: after a suspend, or a jump of the wall clock, due tasks are at most this late. */
const LONGEST_SLEEP_MS = 60_000;
/** Pause after a claim that the storage refused (disk full). */
const REFUSED_MS = 1_000;

interface Needs extends Pick<Dependencies, 'eventLog' | 'clock' | 'logger'> {
  readonly claimTasks: ReturnType<typeof createClaimTasks>;
  readonly releaseDueTasks: ReturnType<typeof createReleaseDueTasks>;
  readonly expireTasks: ReturnType<typeof createExpireTasks>;
  readonly pool: AgentPool;
  readonly runner: Pick<AttemptRunner, 'run'>;
  readonly noteWork?: NoteWork;
  readonly owner: string;
}

/**
 * Hands ready tasks to free agents. It looks when something happened that can make a difference (a task became ready,
 * a place became free, the queue was resumed) and keeps one timer, for the next scheduled task or the next start that a rate allows. It asks while the fact
 * is being appended, so that the claim is committed in the same group as what made the task ready.
 */
export function startScheduler(needs: Needs, scope: Scope): void {
  const { eventLog, clock, logger, claimTasks, releaseDueTasks, expireTasks, pool, runner, noteWork, owner } = needs;
  let claiming = false;
  let claim = Promise.resolve();
  let askedAgain = false;
  let wakeAt = Infinity;
  /** Whether a task that ends while it waits may let others go that waited for it. */
  let hasExclusive = false;

  function dispatch(): void {
    askedAgain = claiming;
    if (claiming || scope.signal.aborted || pool.free() === 0) return;
    claiming = true;
    noteWork?.('claim');
    claim = claimTasks(pool, owner)
      .then(({ tasks, opensAt, ...found }) => {
        for (const task of tasks) void runner.run(task);
        if (opensAt !== null) wakeBy(opensAt);
        hasExclusive = found.hasExclusive;
      }, refused)
      .finally(() => {
        claiming = false;
        if (askedAgain) dispatch();
      });
  }

  /** Sets the one timer to this time, unless it goes off earlier anyway. */
  function wakeBy(time: Timestamp): void {
    if (time >= wakeAt || scope.signal.aborted) return;
    wakeAt = time;
    scope.after('next scheduled task', Math.min(Math.max(0, time - clock()), LONGEST_SLEEP_MS), wake);
  }

  function wake(): void {
    wakeAt = Infinity;
    noteWork?.('release of due tasks');
    const wakeByNext = (next: Timestamp | null) => {
      if (next !== null) wakeBy(next);
    };
    // What is too late is failed first, so that it is not handed out.
    expireTasks().then(wakeByNext).then(releaseDueTasks).then(wakeByNext).catch(refused).finally(dispatch);
  }

  function refused(error: unknown): void {
    if (!(error instanceof DomainError)) logger.error('the scheduler broke', { error });
    else logger.warn('the scheduler waits', { reason: error.message });
    wakeBy(clock() + REFUSED_MS);
  }

  function react(fact: Fact): void {
    switch (fact.type) {
      case 'task.enqueued':
      case 'task.changed':
      case 'task.retried':
      case 'task.unblocked': {
        const { runAt, deadline, status, by } = fact.data;
        const isScheduled = status === 'scheduled' || by === 'backoff';
        if (typeof deadline === 'number') wakeBy(deadline);
        const isLater = typeof runAt === 'number' && runAt > clock();
        if (isLater) wakeBy(runAt);
        // Its time has come since, or is not told here: it is scheduled all the same, and has to be released.
        else if (isScheduled) wake();
        if (!isLater || hasExclusive) dispatch();
        break;
      }
      case 'task.parked':
        if (Number(fact.data['runAt']) > clock()) wakeBy(Number(fact.data['runAt']));
        else wake();
        break;
      case 'account.limited':
        wakeBy(Number(fact.data['until']));
        break;
      case 'account.reopened':
        wake();
        break;
      case 'task.interrupted':
      case 'queue.resumed':
      case 'queue.limited':
        dispatch();
        break;
      case 'task.failed':
      case 'task.cancelled':
        if (hasExclusive) dispatch();
        break;
      default:
    }
  }

  pool.onFree(dispatch);
  scope.defer('event hints', eventLog.onAppend(react));
  // What is being claimed must be in the runner's hands before that closes, or it would find its place gone and fail.
  scope.defer('claim', () => claim);
  wake();
}
