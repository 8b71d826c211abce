import type { TaskErrorCode } from '../../../domain/task/task.js';
import { parseDuration } from '../input/duration.js';
import type { Client } from '../server/connect.js';
import { findWorkspace } from '../workspace/find-workspace.js';

/** By what the user chooses tasks; commander has let through none but known states and codes. */
export interface SelectionOptions {
  readonly status?: string;
  readonly agent?: string;
  readonly workspace?: string;
  readonly group?: string;
  readonly code?: string;
  readonly olderThan?: string;
}

/** Whether the user has said anything by which tasks are chosen. */
export function isSelection({ status, agent, workspace, group, code, olderThan }: SelectionOptions): boolean {
  return [status, agent, workspace, group, code, olderThan].some((part) => part !== undefined);
}

/** What the server is asked for, but for the status, of which each request takes others. */
export async function readSelection(client: Client, options: SelectionOptions) {
  const { agent, workspace, group, code, olderThan } = options;
  return {
    agent,
    workspaceId: workspace === undefined ? undefined : await findWorkspace(client, workspace),
    group,
    code: code as TaskErrorCode | undefined,
    olderThanMs: olderThan === undefined ? undefined : parseDuration(olderThan, '--older-than'),
  };
}
