import { crash } from '../../domain/agent/agent-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentFiles } from '../ports/agent-files.js';
import type { SweepRuns } from '../ports/agent-runtime.js';
import type { TokenFiles } from '../ports/agent-secrets.js';
import { cutOffIn } from '../task/interrupt-task.js';
import type { createTakeOver } from './take-over.js';

/** Tasks taken back by one transaction. */
const STEP = 200;
const REASON = 'The server that ran it is gone.';

/**
 * Puts right what an earlier server left: goes on with the agents that can be taken over, ends the processes of the others,
 * marks those as crashed, and gives their tasks back to the queue without counting the attempt. `owner` is this server's
 * instance id.
 */
export function createRecover({
  sweepRuns,
  tokenFiles,
  agentFiles,
  takeOver,
  ...needs
}: Pick<Dependencies, 'transaction' | 'clock' | 'logger' | 'settings' | 'random'> & {
  readonly sweepRuns: SweepRuns;
  readonly tokenFiles: TokenFiles;
  readonly agentFiles: AgentFiles;
  readonly takeOver: ReturnType<typeof createTakeOver>;
}) {
  const { transaction, clock, logger } = needs;
  return async (owner: string): Promise<void> => {
    const left = await transaction(({ agents }) => agents.abandoned(owner));
    const taken = await takeOver(
      left.filter((agent) => agent.status === 'busy' || agent.status === 'idle'),
      owner,
    );
    if (taken.size > 0) logger.info('took the agents of an earlier server over', { agents: taken.size });
    await tokenFiles.clear(taken);
    const lost = left.filter(({ id }) => !taken.has(id));
    if (lost.length > 0) {
      const receipt = await sweepRuns(lost.map(({ runId }) => runId));
      logger.warn('ended what an earlier server left behind', { agents: lost.length, ...receipt });
      await transaction(async ({ agents, events }) => {
        for (const agent of lost) {
          const { state, events: facts } = crash(agent, REASON, receipt, clock());
          await agents.save(state);
          await events.append(facts);
        }
      });
    }
    // Only now: what is swept writes no more, but its supervisor a last word.
    await agentFiles.clear(taken);
    for (;;) {
      const taken = await transaction(async (stores) => {
        const abandoned = await stores.tasks.abandoned(owner, STEP);
        for (const task of abandoned) await cutOffIn(stores, task, task.epoch, REASON, needs);
        return abandoned.length;
      });
      if (taken < STEP) return;
    }
  };
}
