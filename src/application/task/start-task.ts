import { promptSession, type SessionEvent, startSession } from '../../domain/session/session-transitions.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import { joinSession } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';

/**
 * Opens the conversation of a claimed task, or goes on with the one that an earlier attempt began, and says the prompt
 * in it. Refused for an attempt that is over.
 */
export function createStartTask({ transaction, clock, newId }: Pick<Dependencies, 'transaction' | 'clock' | 'newId'>) {
  return ({ id: taskId, epoch, agent, workspaceId, prompt, sessionId }: ProcessingTask): Promise<ProcessingTask> =>
    transaction(async ({ tasks, sessions, events }) => {
      const now = clock();
      const facts: SessionEvent[] = [];
      const id = sessionId ?? newId('session');
      const { state: task } = joinSession(await tasks.get(taskId), epoch, id);
      if (sessionId === null) {
        const started = startSession({ id, source: 'cw', providerSessionId: null, agent, workspaceId, taskId }, now);
        facts.push(...started.events);
        await sessions.insert(started.state);
        await tasks.save(task);
      }
      const prompted = promptSession(await sessions.get(id), prompt, now);
      await sessions.save(prompted.state);
      await events.append([...facts, ...prompted.events]);
      return task;
    });
}
