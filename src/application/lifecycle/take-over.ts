import type { BusyAgent, IdleAgent } from '../../domain/agent/agent.js';
import type { AgentId, SessionId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { ProcessingTask, Task } from '../../domain/task/task.js';
import { changeOwner } from '../../domain/task/task-transitions.js';
import type { AgentPool } from '../agent/agent-pool.js';
import type { AttemptRunner } from '../agent/attempt-runner.js';
import { readKeptMark } from '../agent/turn/kept-mark.js';
import type { Dependencies } from '../dependencies.js';

interface Needs extends Pick<Dependencies, 'transaction'> {
  readonly pool: Pick<AgentPool, 'adopt' | 'adoptIdle'>;
  readonly runner: Pick<AttemptRunner, 'resume'>;
}

/**
 * Goes on with the attempts of an earlier server whose agents still run under their supervisors, keeps those agents that
 * wait for their next turn, and gives the ids of both. What is taken over changes hands before anything more is heard of
 * it, an attempt in the same epoch.
 */
export function createTakeOver({ transaction, pool, runner }: Needs) {
  async function takeBusy(agent: BusyAgent, owner: string): Promise<boolean> {
    const { task, kept } = await transaction(async ({ tasks, agents }) => ({
      task: await tasks.get(agent.taskId),
      kept: readKeptMark(await agents.markOf(agent.id)),
    }));
    if (!isItsAttempt(task, agent)) return false;
    const isOfIt = kept?.attempt === attemptName(task.id, task.epoch);
    const running = await pool.adopt(agent, task, isOfIt ? kept.mark : null);
    if (running === null) return false;
    const { session, own } = await transaction(async ({ tasks, sessions, agents }) => {
      const { state: own } = changeOwner(await tasks.get(task.id), task.epoch, owner);
      await tasks.save(own);
      await agents.changeOwner(agent.id, owner);
      return { session: await sessions.get(task.sessionId), own };
    });
    void runner.resume(own, running, session);
    return true;
  }

  async function takeIdle(agent: IdleAgent, owner: string): Promise<boolean> {
    const kept = await transaction(async ({ agents }) => readKeptMark(await agents.markOf(agent.id)));
    if (kept === null || !(await pool.adoptIdle(agent, kept))) return false;
    await transaction(({ agents }) => agents.changeOwner(agent.id, owner));
    return true;
  }

  return async (agents: readonly (BusyAgent | IdleAgent)[], owner: string): Promise<Set<AgentId>> => {
    const taken = new Set<AgentId>();
    const busy = agents.filter((agent) => agent.status === 'busy');
    const idle = agents.filter((agent) => agent.status === 'idle');
    // All at once: the first answer of a server waits for it, and what is stored for them is stored together.
    await Promise.all(busy.map(async (agent) => (await takeBusy(agent, owner)) && taken.add(agent.id)));
    // Those at work first: one that waits gets a place only where there is room.
    await Promise.all(idle.map(async (agent) => (await takeIdle(agent, owner)) && taken.add(agent.id)));
    return taken;
  };
}

function isItsAttempt(task: Task, agent: BusyAgent): task is ProcessingTask & { readonly sessionId: SessionId } {
  return task.status === 'processing' && task.agentId === agent.id && task.sessionId !== null;
}
