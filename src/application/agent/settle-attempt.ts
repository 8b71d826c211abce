import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { createParkForAnswer } from '../permission/park-for-answer.js';
import type { TurnEnd } from '../ports/turn-end.js';
import type { createCompleteTask } from '../task/complete-task.js';
import type { createFailTask } from '../task/fail-task.js';
import type { createInterruptTask } from '../task/interrupt-task.js';
import type { createParkForSession } from '../task/park-task.js';
import { AgentStopped } from './agent-pool.js';
import { AGENT_STOPPED, type CutShort, startError } from './cut-short.js';

export interface SettleNeeds extends Pick<Dependencies, 'logger'> {
  readonly completeTask: ReturnType<typeof createCompleteTask>;
  readonly failTask: ReturnType<typeof createFailTask>;
  readonly interruptTask: ReturnType<typeof createInterruptTask>;
  readonly parkForAnswer: ReturnType<typeof createParkForAnswer>;
  readonly parkForSession: ReturnType<typeof createParkForSession>;
}

/** Writes down how an attempt ended. A signal that is aborted has a CutShort as its reason. */
export function createSettleAttempt(needs: SettleNeeds) {
  const { logger, completeTask, failTask, interruptTask, parkForAnswer, parkForSession } = needs;

  async function endAborted({ id, epoch }: ProcessingTask, signal: AbortSignal): Promise<void> {
    const cut = signal.aborted ? (signal.reason as CutShort) : AGENT_STOPPED;
    if (cut.as === 'interrupted') await interruptTask(id, epoch, cut.reason);
    else if (cut.as === 'parked') await parkForAnswer(id, epoch, cut.permissionId);
    else if (cut.as === 'failed') await failTask(id, epoch, cut.error, null);
    else if (cut.as === 'paused') await parkForSession(id, epoch, cut.sessionId);
  }

  async function settle(task: ProcessingTask, end: TurnEnd, signal: AbortSignal): Promise<void> {
    const { id, epoch } = task;
    if (end.receipt.left > 0)
      logger.warn('processes of an attempt could not be ended', { taskId: id, epoch, ...end.receipt });
    if (end.outcome === 'completed') await completeTask(id, epoch, end.result, end.ran);
    else if (end.outcome === 'failed') await failTask(id, epoch, end.error, end.exitCode, end);
    else await endAborted(task, signal);
  }

  /** Its agent did not start, for this reason. */
  async function notStarted(task: ProcessingTask, reason: unknown, signal: AbortSignal): Promise<void> {
    const isCut = signal.aborted || reason instanceof AgentStopped;
    if (isCut) await endAborted(task, signal);
    else await failTask(task.id, task.epoch, startError(reason), null);
  }

  /** A fault of ours is told to the task too, which would otherwise be taken for running until the next start. */
  async function broken({ id, epoch }: ProcessingTask, error: unknown): Promise<void> {
    if (error instanceof DomainError) throw error;
    logger.error('an attempt broke', { taskId: id, epoch, error });
    const message = `The attempt broke: ${messageOf(error)}`;
    await failTask(id, epoch, { code: 'failed', message }, null);
  }

  return { settle, notStarted, broken };
}
