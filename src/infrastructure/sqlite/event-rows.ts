import type { Event, EventType, Fact } from '../../domain/event/event.js';
import { encodeId } from '../../domain/shared/id.js';
import { LIMIT } from './limit.js';

const FACT_COLUMNS = 'type, at, task_id, session_id, agent_id, observation_id, workspace_id, data';

export const EVENT_STATEMENTS = {
  append: `INSERT INTO event (${FACT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  forget: `UPDATE event SET data = '{}' WHERE observation_id = ?`,
  oldest: `SELECT position, at FROM event ORDER BY position ${LIMIT}`,
  prune: 'DELETE FROM event WHERE position <= ?',
  after: `SELECT position, ${FACT_COLUMNS} FROM event WHERE position > ? ORDER BY position ${LIMIT}`,
  before: `SELECT position, ${FACT_COLUMNS} FROM event WHERE position < ? ORDER BY position DESC ${LIMIT}`,
  first: 'SELECT min(position) FROM event',
  last: `SELECT seq FROM sqlite_sequence WHERE name = 'event'`,
} as const;

export type FactRow = [
  type: EventType,
  at: number,
  taskId: number | null,
  sessionId: number | null,
  agentId: number | null,
  observationId: number | null,
  workspaceId: number | null,
  data: string,
];

export type EventRow = [position: number, ...fact: FactRow];

/** The event of a row. */
export function toEvent(row: EventRow): Event {
  const [position, type, at, taskId, sessionId, agentId, observationId, workspaceId, data] = row;
  const event: Event = { position, type, at, data: JSON.parse(data) as Event['data'] };
  if (taskId !== null) event.taskId = encodeId('task', taskId);
  if (sessionId !== null) event.sessionId = encodeId('session', sessionId);
  if (agentId !== null) event.agentId = encodeId('agent', agentId);
  if (observationId !== null) event.observationId = encodeId('obs', observationId);
  if (workspaceId !== null) event.workspaceId = encodeId('workspace', workspaceId);
  return event;
}

/** The event that an appended fact has become, the same as reading it back would give. */
export function toAppended(position: number, fact: Fact): Event {
  const event: Event = { position, type: fact.type, at: fact.at, data: fact.data };
  if (fact.taskId !== undefined) event.taskId = fact.taskId;
  if (fact.sessionId !== undefined) event.sessionId = fact.sessionId;
  if (fact.agentId !== undefined) event.agentId = fact.agentId;
  if (fact.observationId !== undefined) event.observationId = fact.observationId;
  if (fact.workspaceId !== undefined) event.workspaceId = fact.workspaceId;
  return event;
}
