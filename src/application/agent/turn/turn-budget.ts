import type { PermissionPolicy } from '../../../domain/permission/permission-policy.js';
import type { PermissionId, SessionId } from '../../../domain/shared/id.js';
import type { ProcessingTask } from '../../../domain/task/task.js';
import { spentLimit, type UsageBudget } from '../../../domain/usage/usage.js';
import type { createAskPermission } from '../../permission/ask-permission.js';
import type { AgentProfiles } from '../../ports/agent-profiles.js';
import type { CumulativeUsage } from '../../ports/agent-update.js';
import type { createNoteUsage, createUsedSoFar, UsedSoFar } from '../../usage/note-usage.js';

/** Money is never spent by a rule or an earlier answer of another task: a person says so. */
const ASK_A_PERSON: PermissionPolicy = { default: 'ask', rules: [], timeoutMs: 1_000 };

export interface TurnBudgetNeeds {
  readonly noteUsage: ReturnType<typeof createNoteUsage>;
  readonly usedSoFar: ReturnType<typeof createUsedSoFar>;
  readonly askPermission: ReturnType<typeof createAskPermission>;
  readonly profiles: Pick<AgentProfiles, 'get'>;
}

/** What becomes of a turn whose budget is used up. */
export interface BudgetCallbacks {
  /** A person is asked; the task waits for the answer. */
  readonly unanswered: (id: PermissionId) => void;
  /** A person has said no. */
  readonly refused: (message: string) => void;
}

/** What the agent of one turn uses, held against the budget of its profile. */
export interface TurnBudget {
  /** Before anything is said to the agent. */
  begin(): Promise<void>;
  note(usage: CumulativeUsage): Promise<void>;
}

/** Bills a turn, and puts its task aside with a question when a limit of its profile is used up. */
export function createOpenTurnBudget({ noteUsage, usedSoFar, askPermission, profiles }: TurnBudgetNeeds) {
  return (task: ProcessingTask, sessionId: SessionId, { unanswered, refused }: BudgetCallbacks): TurnBudget => {
    let budgetOnce: Promise<UsageBudget | undefined> | undefined;
    /** Looked up once: agents tell what they use with every answer of their model. */
    const budgetOfProfile = () => (budgetOnce ??= readBudget());

    async function readBudget(): Promise<UsageBudget | undefined> {
      const profile = await profiles.get(task.agent);
      return 'budget' in profile ? profile.budget : undefined;
    }

    async function hold(budget: UsageBudget, used: UsedSoFar): Promise<void> {
      const spent = spentLimit(budget, used);
      if (spent === null) return;
      const title = `go on although ${spent.words}`;
      const input = { limit: spent.limit, most: budget[spent.limit] };
      const request = { requestId: `budget:${spent.limit}`, toolUseId: null, tool: 'budget', input, title };
      const permission = await askPermission({ task, sessionId, policy: ASK_A_PERSON, request });
      if (permission.status === 'waiting') unanswered(permission.id);
      if (permission.status === 'denied') refused(`It was not allowed to ${title}.`);
    }

    return {
      async begin() {
        const budget = await budgetOfProfile();
        if (budget !== undefined) await hold(budget, await usedSoFar(task));
      },
      async note(usage) {
        const used = await noteUsage(task, sessionId, usage);
        const budget = await budgetOfProfile();
        if (budget !== undefined) await hold(budget, used);
      },
    };
  };
}
