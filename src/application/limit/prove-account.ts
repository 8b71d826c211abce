import { reopenGate } from '../../domain/limit/limit-gate-transitions.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';

/** The model of this task's agent has answered: if the task tries an account, that is open again, before the task ends. */
export function createProveAccount({ read, transaction, clock }: Pick<Dependencies, 'read' | 'transaction' | 'clock'>) {
  return async ({ id, epoch }: ProcessingTask): Promise<void> => {
    const { limited } = await read(({ queue }) => queue.get());
    if (!limited) return;
    await transaction(async ({ limits, events }) => {
      for (const gate of await limits.all()) {
        if (gate.probe?.taskId !== id || gate.probe.epoch !== epoch) continue;
        await limits.remove(gate.account);
        await events.append(reopenGate(gate, 'task', clock()).events);
      }
    });
  };
}
