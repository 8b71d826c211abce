import { MAX_SAID_LENGTH } from '../../../domain/session/capture-limits.js';
import type { SessionId } from '../../../domain/shared/id.js';
import type { ProcessingTask } from '../../../domain/task/task.js';
import type { Dependencies } from '../../dependencies.js';
import { turnOf } from '../../session/turn-of.js';

/** Remembers the last words of an agent in a task's turn, unless the turn is private. The last attempt's count. */
export function createKeepAnswer({
  transaction,
  clock,
  newId,
  redactor,
  settings,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'redactor' | 'settings'>) {
  return async ({ id: turn, workspaceId }: ProcessingTask, sessionId: SessionId, answer: string): Promise<void> => {
    const { text } = redactor.prepareText(answer, MAX_SAID_LENGTH);
    if (!settings.memory.enabled || text.trim() === '') return;
    await transaction(async (stores) => {
      const at = clock();
      const asked = await turnOf(stores, { id: sessionId, taskId: turn }, null, at);
      if (asked.isPrivate) return;
      const known = await stores.prompts.findByTurn(sessionId, turn, 'agent');
      if (known !== undefined) {
        await stores.prompts.save({ ...known, text, at });
        return;
      }
      const about = { id: newId('prompt'), sessionId, workspaceId, number: asked.number ?? 0 };
      await stores.prompts.insert({ ...about, who: 'agent', turn, text, at });
    });
  };
}
