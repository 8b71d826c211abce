import { MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import type { ActiveSession } from '../../domain/session/session.js';
import { promptSession, type SessionEvent, startSession } from '../../domain/session/session-transitions.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import { joinSession } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { parkIn, waitingFor } from './park-task.js';

/**
 * Opens the conversation of a claimed task, or goes on with the one that an earlier attempt began, and says the prompt
 * in it, which is remembered once for all attempts. Returns the conversation;
 * null when that is paused, and then the task waits for it. Refused for an attempt that is over.
 */
export function createStartTask({
  transaction,
  clock,
  newId,
  redactor,
  settings,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'redactor' | 'settings'>) {
  const { enabled } = settings.memory;
  return ({
    id: taskId,
    epoch,
    agent,
    workspaceId,
    prompt,
    sessionId,
  }: ProcessingTask): Promise<ActiveSession | null> => {
    const { text, isPrivate } = redactor.prepareText(prompt, MAX_SAID_LENGTH);
    const words = isPrivate ? '' : text;
    return transaction(async (stores) => {
      const { tasks, sessions, prompts, events } = stores;
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
      const session = { ...(await sessions.get(id)), taskId };
      if (session.status === 'paused') {
        await sessions.save(session);
        await parkIn(stores, taskId, epoch, waitingFor(id), now);
        return null;
      }
      const prompted = promptSession(session, words, now);
      await sessions.save(prompted.state);
      const isNew = (await prompts.findByTurn(id, taskId, 'task')) === undefined;
      if (enabled && isNew) {
        const said = { number: prompted.state.prompts, who: 'task', turn: taskId, text: words, at: now } as const;
        await prompts.insert({ id: newId('prompt'), sessionId: id, workspaceId, ...said });
      }
      await events.append([...facts, ...prompted.events]);
      return prompted.state;
    });
  };
}
