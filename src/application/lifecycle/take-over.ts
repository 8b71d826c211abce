import type { BusyAgent } from '../../domain/agent/agent.js';
import type { AgentId, SessionId } from '../../domain/shared/id.js';
import type { ProcessingTask, Task } from '../../domain/task/task.js';
import { changeOwner } from '../../domain/task/task-transitions.js';
import type { AgentPool } from '../agent/agent-pool.js';
import type { AttemptRunner } from '../agent/attempt-runner.js';
import type { Dependencies } from '../dependencies.js';

interface Needs extends Pick<Dependencies, 'transaction'> {
  readonly pool: Pick<AgentPool, 'adopt'>;
  readonly runner: Pick<AttemptRunner, 'resume'>;
}

/**
 * Goes on with the attempts of a dead server whose agents still run under their supervisors, and gives the ids of those
 * agents. The task changes hands before anything more is heard of the attempt, in the same epoch.
 */
export function createTakeOver({ transaction, pool, runner }: Needs) {
  return async (agents: readonly BusyAgent[], owner: string): Promise<Set<AgentId>> => {
    const taken = new Set<AgentId>();
    // All at once: the first answer of a server waits for it, and what is stored for them is stored together.
    await Promise.all(agents.map(take));
    return taken;

    async function take(agent: BusyAgent): Promise<void> {
      const { task, mark } = await transaction(async ({ tasks, agents }) => ({
        task: await tasks.get(agent.taskId),
        mark: await agents.markOf(agent.id),
      }));
      if (!isItsAttempt(task, agent)) return;
      const running = await pool.adopt(agent, task, mark);
      if (running === null) return;
      const { session, own } = await transaction(async ({ tasks, sessions, agents }) => {
        const { state: own } = changeOwner(await tasks.get(task.id), task.epoch, owner);
        await tasks.save(own);
        await agents.changeOwner(agent.id, owner);
        return { session: await sessions.get(task.sessionId), own };
      });
      taken.add(agent.id);
      void runner.resume(own, running, session);
    }
  };
}

function isItsAttempt(task: Task, agent: BusyAgent): task is ProcessingTask & { readonly sessionId: SessionId } {
  return task.status === 'processing' && task.agentId === agent.id && task.sessionId !== null;
}
