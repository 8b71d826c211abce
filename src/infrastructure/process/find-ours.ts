import { type Identity, identityKey, type ProcessRow } from './process-table.js';

/** What is known to be ours before a look at the process table. */
export interface Known {
  /** The program that we started ourselves, which leads a session of its own; null when it is not known. */
  readonly root: Identity | null;
  /** Processes found by earlier looks of the same sweep. */
  readonly seen: readonly Identity[];
  /** Pid of this server: neither it nor any of its ancestors is ever ours to end. */
  readonly self: number;
}

/**
 * Picks our own processes out of all: those that carry the mark, those found before, every descendant of them, and
 * every member of a session or process group that one of them leads. A pid counts only with the start time that it was
 * known by.
 */
export function findOurs(rows: readonly ProcessRow[], { root, seen, self }: Known): ProcessRow[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const forbidden = selfAndAncestors(byPid, self);
  const known = root === null ? seen : [root, ...seen];
  const isKnown = new Set(known.map(identityKey));

  const ours = new Map<number, ProcessRow>();
  const leaders = leadersThatEnded(known, byPid);
  const take = (row: ProcessRow) => {
    if (!forbidden.has(row.pid)) ours.set(row.pid, row);
  };
  for (const row of rows) {
    if (row.marked || isKnown.has(identityKey(row))) take(row);
  }
  // Each pass goes one generation deeper at least, so it ends after as many passes as the deepest chain is long.
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const row of rows) {
      if (ours.has(row.pid)) continue;
      if (ours.has(row.parent) || belongsTo(row, ours) || belongsTo(row, leaders)) take(row);
    }
  }
  return [...ours.values()];
}

/** A session or process group keeps its number while it has members, so that the number is not given to a new process. */
function belongsTo(row: ProcessRow, leaders: ReadonlyMap<number, Identity>): boolean {
  return [row.session, row.group].some((id) => {
    const leader = leaders.get(id);
    return leader !== undefined && row.startedAt >= leader.startedAt;
  });
}

/** Known processes that are gone and whose pid nobody has taken since: a session may still bear their number. */
function leadersThatEnded(known: readonly Identity[], byPid: ReadonlyMap<number, ProcessRow>): Map<number, Identity> {
  return new Map(known.filter(({ pid }) => !byPid.has(pid)).map((identity) => [identity.pid, identity]));
}

function selfAndAncestors(byPid: ReadonlyMap<number, ProcessRow>, self: number): Set<number> {
  const chain = new Set([0, 1]);
  for (let pid = self; pid > 1 && !chain.has(pid); pid = byPid.get(pid)?.parent ?? 0) chain.add(pid);
  return chain;
}
