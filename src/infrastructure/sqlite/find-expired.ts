import type { Database } from 'better-sqlite3';
import type { ExpiredCounts, ExpiredText, ExpiryMoments } from '../../application/ports/expired.js';
import { type AgentId, decodeId, encodeId, type TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { RunEnd } from '../../domain/task/expired-runs.js';
import { expired } from './expired-tasks.js';
import { openReader } from './open-database.js';

/** Found by walking through the tables, so that no index has to be kept for it at every write. */
const FIND_EXPIRED = {
  firstYoungEvent: 'SELECT position FROM event WHERE at BETWEEN @before AND @now ORDER BY position LIMIT 1',
  lastOldEvent: 'SELECT position FROM event WHERE position < @young AND at < @before ORDER BY position DESC LIMIT 1',
  countEvents: 'SELECT count(*) FROM event WHERE position <= ?',
  tasks: `SELECT id FROM task WHERE ${expired('task')} ORDER BY id LIMIT @limit`,
  countTasks: `SELECT count(*) FROM task WHERE ${expired('task')}`,
  agents: 'SELECT id FROM agent WHERE stopped_at < @before ORDER BY id LIMIT @limit',
  countAgents: 'SELECT count(*) FROM agent WHERE stopped_at < @before',
  runEnd: `SELECT finished_at AS finishedAt, coalesce(${expired('task')}, 0) AS goes FROM task WHERE id = @id`,
} as const;

/** From the texts, which grow fewer, to their tool uses, which do not. Not those that a model is to try again. */
const EXPIRED_TEXTS = `FROM tool_use_text AS t CROSS JOIN tool_use AS u ON u.id = t.tool_use_id
  WHERE u.distilled_at < @before AND NOT EXISTS (
    SELECT 1 FROM dead_letter AS d, json_each(d.tool_uses) AS named
    WHERE d.session_id = u.session_id AND named.value = u.tool_use_id)`;
const BYTES = 'octet_length(t.input) + octet_length(t.result)';

export interface FindExpired {
  readonly database: string;
  readonly before: Timestamp;
  readonly limit: number;
}

/** How much has ended its time. For a worker thread: it reads everything. */
export function countExpired(input: { readonly database: string; readonly moments: ExpiryMoments }): ExpiredCounts {
  const { now, events, tasks, toolUseTexts, agents } = input.moments;
  return reading(input.database, (database) => ({
    events: countEvents(database, events, now),
    tasks: database.prepare<[object], number>(FIND_EXPIRED.countTasks).pluck().get({ before: tasks }) ?? 0,
    agents: database.prepare<[object], number>(FIND_EXPIRED.countAgents).pluck().get({ before: agents }) ?? 0,
    toolUseTexts: database
      .prepare<[object], { rows: number; bytes: number }>(
        `SELECT count(*) AS rows, coalesce(sum(${BYTES}), 0) AS bytes ${EXPIRED_TEXTS}`,
      )
      .get({ before: toolUseTexts }) ?? { rows: 0, bytes: 0 },
  }));
}

/** For a worker thread. */
export function findExpiredTasks({ database, before, limit }: FindExpired): TaskId[] {
  return reading(database, (opened) =>
    opened
      .prepare<[object], number>(FIND_EXPIRED.tasks)
      .pluck()
      .all({ before, limit })
      .map((key) => encodeId('task', key)),
  );
}

/** For a worker thread. */
export function findExpiredAgents({ database, before, limit }: FindExpired): AgentId[] {
  return reading(database, (opened) =>
    opened
      .prepare<[object], number>(FIND_EXPIRED.agents)
      .pluck()
      .all({ before, limit })
      .map((key) => encodeId('agent', key)),
  );
}

/** For a worker thread. */
export function findExpiredTexts({ database, before, limit }: FindExpired): ExpiredText[] {
  return reading(database, (opened) =>
    opened
      .prepare<[object], { session: number; toolUseId: string; bytes: number }>(
        `SELECT u.session_id AS session, u.tool_use_id AS toolUseId, ${BYTES} AS bytes ${EXPIRED_TEXTS}
         ORDER BY t.tool_use_id LIMIT @limit`,
      )
      .all({ before, limit })
      .map(({ session, toolUseId, bytes }) => ({ sessionId: encodeId('session', session), toolUseId, bytes })),
  );
}

/** When each of these tasks finished, and whether it goes by its age; in their order. For a worker thread. */
export function findRunEnds(
  database: string,
  tasks: readonly TaskId[],
  before: Timestamp,
): { readonly end: RunEnd; readonly goes: boolean }[] {
  return reading(database, (opened) => {
    const find = opened.prepare<[object], { finishedAt: number | null; goes: number }>(FIND_EXPIRED.runEnd);
    return tasks.map((id) => {
      const found = find.get({ id: decodeId(id), before });
      return { end: found?.finishedAt, goes: found?.goes === 1 };
    });
  });
}

/** As `prunable` decides of them. */
function countEvents(database: Database, before: Timestamp, now: Timestamp): number {
  const first = database.prepare<[object], number>(FIND_EXPIRED.firstYoungEvent).pluck();
  const young = first.get({ before, now }) ?? Number.MAX_SAFE_INTEGER;
  const last = database.prepare<[object], number>(FIND_EXPIRED.lastOldEvent).pluck().get({ young, before });
  return last === undefined ? 0 : (database.prepare<[number], number>(FIND_EXPIRED.countEvents).pluck().get(last) ?? 0);
}

function reading<T>(file: string, read: (database: Database) => T): T {
  const database = openReader(file);
  try {
    return database.transaction(read)(database);
  } finally {
    database.close();
  }
}
