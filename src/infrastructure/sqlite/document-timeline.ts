import type { Database, Statement } from 'better-sqlite3';
import type { Timeline, TimelineEntry, TimelineRequest } from '../../domain/memory/timeline-request.js';

const BEFORE = '(at, key) < (@at, @key) ORDER BY at DESC, key DESC LIMIT @limit';
const AFTER = '(at, key) > (@at, @key) ORDER BY at, key LIMIT @limit';
const SELECT = 'SELECT key, kind, at FROM document';

export const TIMELINE_STATEMENTS = {
  moment: `${SELECT} WHERE key = ?`,
  beforeInAll: `${SELECT} WHERE ${BEFORE}`,
  afterInAll: `${SELECT} WHERE ${AFTER}`,
  beforeInSession: `${SELECT} WHERE session_id = @place AND ${BEFORE}`,
  afterInSession: `${SELECT} WHERE session_id = @place AND ${AFTER}`,
  beforeInWorkspace: `${SELECT} WHERE workspace_id = @place AND ${BEFORE}`,
  afterInWorkspace: `${SELECT} WHERE workspace_id = @place AND ${AFTER}`,
} as const;

interface Row extends TimelineEntry {
  readonly at: number;
}

interface Walk {
  readonly at: number;
  readonly key: number;
  readonly place: number;
  readonly limit: number;
}

/** What was before and after: walks along an index, one for each workspace that is asked for. */
export class DocumentTimeline {
  readonly #moment: Statement<[number], Row>;
  readonly #walks: Readonly<Record<Exclude<keyof typeof TIMELINE_STATEMENTS, 'moment'>, Statement<[Walk], Row>>>;

  constructor(reader: Database) {
    const walk = (sql: string) => reader.prepare<[Walk], Row>(sql);
    const { moment, ...walks } = TIMELINE_STATEMENTS;
    this.#moment = reader.prepare<[number], Row>(moment);
    this.#walks = {
      beforeInAll: walk(walks.beforeInAll),
      afterInAll: walk(walks.afterInAll),
      beforeInSession: walk(walks.beforeInSession),
      afterInSession: walk(walks.afterInSession),
      beforeInWorkspace: walk(walks.beforeInWorkspace),
      afterInWorkspace: walk(walks.afterInWorkspace),
    };
  }

  read(request: TimelineRequest): Timeline {
    const { around } = request;
    const middle = 'key' in around ? this.#moment.get(around.key) : { at: around.at, key: 0, kind: null };
    if (middle === undefined) return null;
    const before = this.#side('before', middle, request).reverse();
    const after = this.#side('after', middle, request);
    const own = middle.kind === null ? [] : [{ key: middle.key, kind: middle.kind }];
    const toEntry = ({ key, kind }: Row): TimelineEntry => ({ key, kind });
    return [...before.map(toEntry), ...own, ...after.map(toEntry)];
  }

  /** Nearest first. */
  #side(side: 'before' | 'after', { at, key }: { at: number; key: number }, request: TimelineRequest): Row[] {
    const limit = request[side];
    const { session, workspaces } = request;
    if (session !== undefined) return this.#walks[`${side}InSession`].all({ at, key, place: session, limit });
    if (workspaces === undefined) return this.#walks[`${side}InAll`].all({ at, key, place: 0, limit });
    const sign = side === 'before' ? -1 : 1;
    return workspaces
      .flatMap((place) => this.#walks[`${side}InWorkspace`].all({ at, key, place, limit }))
      .sort((a, b) => sign * (a.at - b.at || a.key - b.key))
      .slice(0, limit);
  }
}
