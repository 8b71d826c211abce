import type { Permission } from '../../domain/permission/permission.js';
import { MAX_PERMISSION_TITLE } from '../../domain/permission/permission.js';
import { judge, type PermissionPolicy } from '../../domain/permission/permission-policy.js';
import {
  askAgain,
  askPermission,
  type Decision,
  decidePermission,
} from '../../domain/permission/permission-transitions.js';
import { MAX_NAME_LENGTH } from '../../domain/session/capture-limits.js';
import { cutText } from '../../domain/shared/cut-text.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { PermissionRequest } from '../ports/agent-update.js';
import type { Stores } from '../ports/transaction.js';
import { cleanInput } from '../session/clean-input.js';

/** What an agent asks leave for, in which task. */
export interface AskPermission {
  readonly task: ProcessingTask;
  readonly sessionId: SessionId;
  readonly policy: PermissionPolicy;
  readonly request: PermissionRequest;
}

/**
 * Writes down what an agent asks leave for, and decides it where the profile's rules or an earlier answer do. A request
 * that is told again, by the same agent or by the one that goes on with the task, is the same permission.
 */
export function createAskPermission({
  transaction,
  clock,
  newId,
  redactor,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'redactor'>) {
  return ({ task, sessionId, policy, request }: AskPermission): Promise<Permission> => {
    const { id: taskId, agentId, agent: profile, workspaceId, workspace } = task;
    const { requestId, toolUseId } = request;
    const tool = request.tool.slice(0, MAX_NAME_LENGTH);
    const input = cleanInput(request.input, redactor).text;
    const title = cutText(redactor.redact(request.title), MAX_PERMISSION_TITLE);
    const verdict = judge(policy, { tool, input: request.input, workspace });
    return transaction(async (stores) => {
      const now = clock();
      const same = await stores.permissions.findSame({ taskId, tool, input });
      if (same?.agentId === agentId && same.requestId === requestId) return same;
      if (same?.status === 'waiting') {
        const again = askAgain(same, { agentId, requestId, toolUseId });
        await stores.permissions.save(again);
        return again;
      }
      const asked = askPermission(
        {
          id: newId('perm'),
          taskId,
          sessionId,
          workspaceId,
          agentId,
          profile,
          requestId,
          toolUseId,
          tool,
          input,
          title,
        },
        now,
      );
      const decision = earlierAnswer(same) ?? byRule(verdict) ?? (await lastingAnswer(stores, asked.state));
      const decided = decision === null ? null : decidePermission(asked.state, decision, now);
      await stores.permissions.insert(decided?.state ?? asked.state);
      await stores.events.append([...asked.events, ...(decided?.events ?? [])]);
      return decided?.state ?? asked.state;
    });
  };
}

/** What a person said to the same request of this task, which was put aside meanwhile. */
function earlierAnswer(same: Permission | undefined): Decision | null {
  if (same === undefined || same.status === 'waiting' || same.status === 'withdrawn') return null;
  if (same.by !== 'person') return null;
  return { status: same.status, by: 'earlier', reason: `as ${same.id} was answered`, always: false };
}

function byRule({ decide, reason }: ReturnType<typeof judge>): Decision | null {
  if (decide === 'ask') return null;
  return { status: decide === 'allow' ? 'allowed' : 'denied', by: 'rule', reason, always: false };
}

/** A person's answer that holds for good: only where the rules say to ask. */
async function lastingAnswer(
  { permissions }: Stores,
  { profile, workspaceId, tool }: Permission,
): Promise<Decision | null> {
  const lasting = await permissions.findAlways({ profile, workspaceId, tool });
  if (lasting === undefined) return null;
  return { status: lasting.status, by: 'earlier', reason: `as ${lasting.id} was answered for good`, always: false };
}
