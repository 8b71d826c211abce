import type { LimitGate } from '../../domain/limit/limit-gate.js';
import { beginProbe, isClosed, type ProbeState, settleGate } from '../../domain/limit/limit-gate-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { PendingTask, ProcessingTask, Task } from '../../domain/task/task.js';
import type { TaskEvent } from '../../domain/task/task-event.js';
import { reroute } from '../../domain/task/task-transitions.js';
import type { AgentProfiles } from '../ports/agent-profiles.js';
import type { Stores } from '../ports/transaction.js';

export type Accounts = Pick<AgentProfiles, 'accountOf' | 'ofAccount'>;

/** Whom the limits of accounts let through, as one transaction sees them. */
export interface Gates {
  /** The profiles that get no task now. */
  shut(): string[];
  /** Whether a task of this agent, with this fallback, could be handed out. */
  lets(task: Pick<Task, 'agent' | 'fallback'>): boolean;
  /** The task as it is handed out, by its fallback where its own account is closed; undefined when it has to wait. */
  admit(task: PendingTask, now: Timestamp): Change<PendingTask, TaskEvent> | undefined;
  /** Notes a task that was handed out: the first one of an account on trial tries it, and the others wait for that. */
  took(task: ProcessingTask): Promise<void>;
}

/** Reads the gates of all accounts, each as it is by now, and writes down what has changed of it. */
export async function openGates({ limits, tasks, events }: Stores, accounts: Accounts, now: Timestamp): Promise<Gates> {
  const shut = new Map<string, LimitGate>();
  const onTrial = new Map<string, LimitGate>();
  const shutAccount = (gate: LimitGate) => {
    for (const profile of accounts.ofAccount(gate.account)) shut.set(profile, gate);
  };
  for (const known of await limits.all()) {
    const { state: gate, events: facts } = settleGate(known, await probeOf(known), now);
    if (gate === null) await limits.remove(known.account);
    else if (gate !== known) await limits.save(gate);
    await events.append(facts);
    if (gate === null) continue;
    if (isClosed(gate, now) || gate.probe !== null) shutAccount(gate);
    else onTrial.set(gate.account, gate);
  }
  const isOpen = (profile: string | null): profile is string => profile !== null && !shut.has(profile);

  return {
    shut: () => [...shut.keys()],
    lets: ({ agent, fallback }) => isOpen(agent) || isOpen(fallback),
    admit(task, at) {
      const gate = shut.get(task.agent);
      if (gate === undefined) return { state: task, events: [] };
      return isOpen(task.fallback) ? reroute(task, task.fallback, gate.reason, at) : undefined;
    },
    async took(task) {
      const gate = onTrial.get(accounts.accountOf(task.agent));
      if (gate === undefined) return;
      const probed = beginProbe(gate, task);
      await limits.save(probed);
      onTrial.delete(gate.account);
      shutAccount(probed);
    },
  };

  async function probeOf({ probe }: LimitGate): Promise<ProbeState | null> {
    if (probe === null) return null;
    const task = await tasks.find(probe.taskId);
    if (task?.epoch !== probe.epoch) return 'over';
    if (task.status === 'processing') return 'running';
    return task.status === 'completed' ? 'completed' : 'over';
  }
}
