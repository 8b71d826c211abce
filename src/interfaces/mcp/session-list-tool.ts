import { z } from 'zod';
import { pageOf } from '../../application/page.js';
import { ListSessions } from '../../application/session/list-sessions.js';
import { type Session, SessionStatus } from '../../domain/session/session.js';
import { SessionId, TaskId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { fittingPage, shortened } from './capped.js';
import { defineTool } from './tool.js';

const SessionView = z.looseObject({
  id: SessionId,
  status: SessionStatus,
  agent: z.string(),
  workspaceId: WorkspaceId,
  taskId: TaskId.nullable(),
  title: z.string(),
  prompts: z.int(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
});

export const sessionList = defineTool({
  name: 'session_list',
  title: 'List sessions',
  description:
    'Lists conversations of coding agents, newest first. More come with cursor = nextCursor, if that is not null.',
  isReadOnly: true,
  input: ListSessions,
  output: pageOf(SessionView),
  async run(input, { app }) {
    const page = await fittingPage(input.limit, (limit) => app.listSessions({ ...input, limit }));
    const lines = page.items.map(sessionLine);
    if (lines.length === 0) lines.push('There are no such sessions.');
    if (page.nextCursor !== null) lines.push(`[There are more: session_list with cursor ${page.nextCursor}]`);
    return { structured: shortened({ ...page }), text: lines.join('\n') };
  },
});

function sessionLine({ id, status, agent, startedAt, title }: Session): string {
  return `${id} · ${new Date(startedAt).toISOString()} · ${agent} · ${status} · ${title.slice(0, 100)}`;
}
