import type { PermissionAnswer } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import { type Approval, readApproval } from './approvals.js';
import type { Connection } from './connection.js';
import type { ItemTool } from './read-item.js';
import type { RequestId } from './received.js';

/** By JSON-RPC: the method is not known. */
const METHOD_NOT_FOUND = -32_601;

/** What Codex asks in one turn, and what it was answered. */
export interface PermissionDesk {
  /** A request of Codex. Asked twice, it gets the same answer twice; one that is no approval is refused. */
  ask(id: RequestId, method: string, params: unknown): readonly AgentUpdate[];
  /** Codex says that this request is over. */
  over(id: RequestId): readonly AgentUpdate[];
  /** Dropped when nothing like it is open. */
  answer(requestId: string, given: PermissionAnswer): void;
  /** Answers all that is open, and all that will be asked, with: the turn is over. */
  cancel(): void;
}

/** `taken` are the requests of which the output shows that they were answered before. */
export function createPermissionDesk(
  connection: Connection,
  known: (itemId: string) => ItemTool | undefined,
  taken: ReadonlySet<RequestId>,
): PermissionDesk {
  const open = new Map<string, { id: RequestId; approval: Approval }>();
  const answers = new Map<string, unknown>();
  const toldAgain = new Set<string>();
  let cancelled = false;
  /** Codex counts its requests anew in each process. */
  const nameOf = (id: RequestId) => `${String(connection.number)}:${String(id)}`;

  function settle(name: string, id: RequestId, result: unknown): void {
    open.delete(name);
    answers.set(name, result);
    connection.respond(id, result);
  }

  /** Told again as it was, and over: the text of the turn must be the same, and nobody is asked a second time. */
  function askedBefore(name: string, approval: Approval | null): readonly AgentUpdate[] {
    if (approval === null || toldAgain.has(name)) return [];
    toldAgain.add(name);
    return [
      { type: 'permission', request: { requestId: name, ...approval.request } },
      { type: 'permission_over', requestId: name },
    ];
  }

  return {
    ask(id, method, params) {
      const name = nameOf(id);
      if (open.has(name)) return [];
      if (taken.has(id)) return askedBefore(name, readApproval(method, params, known));
      if (answers.has(name)) {
        connection.respond(id, answers.get(name));
        return [];
      }
      const approval = readApproval(method, params, known);
      if (approval === null) {
        connection.refuse(id, { code: METHOD_NOT_FOUND, message: `This client does not answer ${method}.` });
        return [{ type: 'unknown', kind: `request ${method}` }];
      }
      if (cancelled) {
        settle(name, id, approval.cancelled);
        return [];
      }
      open.set(name, { id, approval });
      return [{ type: 'permission', request: { requestId: name, ...approval.request } }];
    },
    over(id) {
      const name = nameOf(id);
      return open.delete(name) ? [{ type: 'permission_over', requestId: name }] : [];
    },
    answer(requestId, given) {
      const asked = open.get(requestId);
      if (asked !== undefined) settle(requestId, asked.id, asked.approval.answer(given));
    },
    cancel() {
      cancelled = true;
      for (const [name, { id, approval }] of [...open]) settle(name, id, approval.cancelled);
    },
  };
}
