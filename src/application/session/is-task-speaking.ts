import type { Session } from '../../domain/session/session.js';
import type { Stores } from '../ports/transaction.js';

/** Whether a task has its turn in this session now. What is said to the agent then is what the task says. */
export async function isTaskSpeaking({ tasks }: Pick<Stores, 'tasks'>, { taskId }: Session): Promise<boolean> {
  return taskId !== null && (await tasks.find(taskId))?.status === 'processing';
}
