import { z } from 'zod';
import { MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import type { Session } from '../../domain/session/session.js';
import { promptSession } from '../../domain/session/session-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { SessionId, type TaskId } from '../../domain/shared/id.js';
import type { Dependent } from '../../domain/task/dependency.js';
import { isFinished, Task } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { EnqueueTask, enqueueIn } from '../task/enqueue-task.js';
import { requireFallback } from '../task/prepare-task.js';

/** `requestId`: as for a task, so that a call whose answer was lost can be made again. */
export const SendPrompt = z.strictObject({
  sessionId: SessionId,
  prompt: EnqueueTask.shape.prompt,
  fallback: EnqueueTask.shape.fallback,
  requestId: EnqueueTask.shape.requestId,
  timeoutMs: EnqueueTask.shape.timeoutMs,
});
export type SendPrompt = z.infer<typeof SendPrompt>;

/** `said`: into the running turn of the task. `queued`: the task says it when it is its turn. */
export const SentPrompt = z.object({ delivered: z.enum(['said', 'queued']), task: Task });
export type SentPrompt = z.infer<typeof SentPrompt>;

type Needs = Pick<
  Dependencies,
  'transaction' | 'read' | 'clock' | 'newId' | 'profiles' | 'settings' | 'redactor' | 'logger'
> & {
  /** Says something into the running turn of a task; false when its agent takes nothing now. */
  readonly steer: (taskId: TaskId, text: string) => Promise<boolean>;
};

/**
 * Goes on with a conversation: into its running turn where the agent takes that, else with a task that comes after what
 * runs or waits in it. Throws `invalid_transition` for one that is paused, and `unavailable` when its agent cannot run.
 */
export function createSendPrompt(needs: Needs) {
  const { transaction, read, clock, newId, profiles, settings, redactor, steer } = needs;

  async function runningTask({ taskId }: Session): Promise<TaskId | null> {
    if (taskId === null) return null;
    const task = await read(({ tasks }) => tasks.find(taskId));
    return task?.status === 'processing' ? task.id : null;
  }

  /** The words are said already; when they cannot be written down any more, that is no reason to say them again. */
  async function writeDown(sessionId: SessionId, prompt: string): Promise<void> {
    const { text, isPrivate } = redactor.prepareText(prompt, MAX_SAID_LENGTH);
    const words = isPrivate ? '' : text;
    await transaction(async ({ sessions, prompts, events }) => {
      const now = clock();
      const { state, events: facts } = promptSession(await sessions.get(sessionId), words, now);
      const { workspaceId, prompts: number } = state;
      const id = newId('prompt');
      await sessions.save(state);
      if (settings.memory.enabled) {
        await prompts.insert({ id, sessionId, workspaceId, number, who: 'user', turn: id, text: words, at: now });
      }
      await events.append(facts);
    }).catch((error: unknown) => {
      needs.logger.warn('what was said to a running agent could not be written down', { sessionId, error });
    });
  }

  return async ({ sessionId, prompt, fallback, requestId, timeoutMs }: SendPrompt): Promise<SentPrompt> => {
    const session = await read(({ sessions }) => sessions.get(sessionId));
    assertOpen(session);
    const running = await runningTask(session);
    if (running !== null && (await steer(running, prompt))) {
      await writeDown(sessionId, prompt);
      return { delivered: 'said', task: await read(({ tasks }) => tasks.get(running)) };
    }
    const { name: agent } = await profiles.get(session.agent);
    if (fallback !== undefined) await requireFallback(agent, fallback, profiles);
    const task = await transaction(async (stores) => {
      assertOpen(await stores.sessions.get(sessionId));
      const after = await lastOf(stores, session);
      const command = {
        prompt,
        requestId,
        timeoutMs,
        workspace: session.workspaceId,
        after,
        onFailure: 'run',
      } as const;
      return enqueueIn(
        stores,
        { command, agent, fallback, place: session.workspaceId },
        { newId, settings },
        clock(),
        sessionId,
      );
    });
    return { delivered: 'queued', task };
  };
}

function assertOpen({ id, status }: Session): void {
  if (status !== 'paused') return;
  throw new DomainError('invalid_transition', `${id} is paused; take it up again first: cw session resume ${id}`);
}

/** The last task of the conversation that has not finished: what is said now comes after it. */
async function lastOf({ tasks, sessions }: Stores, { id }: Session): Promise<TaskId[]> {
  const { taskId } = await sessions.get(id);
  const current = taskId === null ? undefined : await tasks.find(taskId);
  if (current === undefined || isFinished(current)) return [];
  let last = current.id;
  for (;;) {
    const after: Dependent[] = await tasks.dependents(last);
    const next = after.find(({ sessionId }) => sessionId === id);
    if (next === undefined) return [last];
    last = next.task;
  }
}
