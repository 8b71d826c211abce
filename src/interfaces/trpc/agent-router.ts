import { z } from 'zod';
import { CheckAgent } from '../../application/agent/check-agent.js';
import { GetAgent, ListAgents } from '../../application/agent/list-agents.js';
import { ProbeAgent } from '../../application/agent/probe/probe-agent.js';
import { StopAgent } from '../../application/agent/stop-agent.js';
import { WatchAgents } from '../../application/agent/watch-agents.js';
import { AccountLimit } from '../../application/limit/list-limits.js';
import { ReopenAccount } from '../../application/limit/reopen-account.js';
import { pageOf } from '../../application/page.js';
import { Agent, StopReceipt } from '../../domain/agent/agent.js';
import { AgentCheck } from '../../domain/agent/agent-check.js';
import { AgentProbe } from '../../domain/agent/agent-probe.js';
import { ListedProfile } from '../../domain/agent/agent-profile.js';
import { procedure, router } from './init.js';
import { FromPosition, positionOf, resumable } from './resume.js';

export const agentRouter = router({
  get: procedure
    .input(GetAgent)
    .output(Agent)
    .query(({ ctx, input }) => ctx.app.getAgent(input)),
  list: procedure
    .input(ListAgents.prefault({}))
    .output(pageOf(Agent))
    .query(({ ctx, input }) => ctx.app.listAgents(input)),
  profiles: procedure.output(z.array(ListedProfile)).query(({ ctx }) => ctx.app.listProfiles()),

  /** Starts a profile's agent, greets it by its protocol and ends it; half a minute at most, and two at once. */
  check: procedure
    .input(CheckAgent)
    .output(AgentCheck)
    .mutation(({ ctx, input }) => ctx.app.checkAgent(input)),

  /** Lets a profile's agent take one turn with a scripted model, and compares it; a minute at most, and two at once. */
  probe: procedure
    .input(ProbeAgent)
    .output(AgentProbe)
    .mutation(({ ctx, input }) => ctx.app.probeAgent(input)),

  /** The accounts that have reached a limit, so that their tasks wait. */
  limits: procedure.output(z.array(AccountLimit)).query(({ ctx }) => ctx.app.listLimits()),
  /** Opens one before its time. */
  reopen: procedure
    .input(ReopenAccount)
    .output(ReopenAccount)
    .mutation(({ ctx, input }) => ctx.app.reopenAccount(input)),

  /** Ends an agent and all it started; the receipt counts them. */
  stop: procedure
    .input(StopAgent)
    .output(StopReceipt)
    .mutation(({ ctx, input }) => ctx.app.stopAgent(input)),

  /** Every change of every agent. */
  onUpdate: procedure
    .input(WatchAgents.extend(FromPosition).prefault({}))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) => ctx.app.watchAgents({ after: lastEventId ?? input.after }, until)),
    ),
});
