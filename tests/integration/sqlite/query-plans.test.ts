import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { AGENT_STATEMENTS } from '../../../src/infrastructure/sqlite/agent-statements.js';
import { CONTEXT_STATEMENTS } from '../../../src/infrastructure/sqlite/context-statements.js';
import { DEPENDENCY_QUERIES } from '../../../src/infrastructure/sqlite/dependency-queries.js';
import { EVENT_STATEMENTS } from '../../../src/infrastructure/sqlite/event-rows.js';
import { IMPORTED_ROW_STATEMENTS } from '../../../src/infrastructure/sqlite/imported-row-statements.js';
import { LEDGER_STATEMENTS } from '../../../src/infrastructure/sqlite/ledger-statements.js';
import { LIMIT_GATE_STATEMENTS } from '../../../src/infrastructure/sqlite/limit-gate-statements.js';
import { readMigrations } from '../../../src/infrastructure/sqlite/migration-files.js';
import { OBSERVATION_STATEMENTS } from '../../../src/infrastructure/sqlite/observation-statements.js';
import { PERMISSION_STATEMENTS } from '../../../src/infrastructure/sqlite/permission-statements.js';
import { PROMPT_STATEMENTS } from '../../../src/infrastructure/sqlite/prompt-statements.js';
import { QUEUE_LIMIT_STATEMENTS } from '../../../src/infrastructure/sqlite/queue-limit-statements.js';
import { ORDER_QUERIES } from '../../../src/infrastructure/sqlite/queue-order.js';
import { READY_QUERIES } from '../../../src/infrastructure/sqlite/ready-tasks.js';
import { SCHEDULE_STATEMENTS } from '../../../src/infrastructure/sqlite/schedule-statements.js';
import { SESSION_STATEMENTS } from '../../../src/infrastructure/sqlite/session-statements.js';
import { QUEUE_STATEMENTS } from '../../../src/infrastructure/sqlite/sqlite-queue-repository.js';
import { MEMORY_STATEMENTS } from '../../../src/infrastructure/sqlite/sqlite-read-stores.js';
import { VECTOR_STATEMENTS } from '../../../src/infrastructure/sqlite/sqlite-vector-index.js';
import { SUMMARY_STATEMENTS } from '../../../src/infrastructure/sqlite/summary-statements.js';
import { TASK_COUNT_STATEMENTS } from '../../../src/infrastructure/sqlite/task-counts.js';
import { TASK_QUERIES } from '../../../src/infrastructure/sqlite/task-queries.js';
import { TASK_SOURCES } from '../../../src/infrastructure/sqlite/task-sources.js';
import { TASK_WRITES } from '../../../src/infrastructure/sqlite/task-writes.js';
import { TOOL_USE_STATEMENTS } from '../../../src/infrastructure/sqlite/tool-use-statements.js';
import { TRANSCRIPT_STATEMENTS } from '../../../src/infrastructure/sqlite/transcript-statements.js';
import { USAGE_STATEMENTS } from '../../../src/infrastructure/sqlite/usage-statements.js';
import { WORKSPACE_NAME_STATEMENTS } from '../../../src/infrastructure/sqlite/workspace-names.js';
import { WORKSPACE_STATEMENTS } from '../../../src/infrastructure/sqlite/workspace-statements.js';
import { MIGRATIONS } from '../../support/storage.js';

const TEXT_BY_KEY = 'SEARCH tool_use_text USING INTEGER PRIMARY KEY (rowid=?)';
/** The types that a list of observations is narrowed to, made into a table. */
const TYPES = '; LIST SUBQUERY; SCAN json_each VIRTUAL TABLE INDEX 1:';
const LIMIT_OF_PART = 'SEARCH queue_limit USING COVERING INDEX sqlite_autoindex_queue_limit_1 (kind=? AND name=?)';
const STARTS_OF_PART = `SEARCH queue_start USING PRIMARY KEY (limit_id=?); SCALAR SUBQUERY; ${LIMIT_OF_PART}`;
const BY_KEY = 'SEARCH task USING INTEGER PRIMARY KEY (rowid=?)';

/** Its side rows go by their keys as well. */
const REMOVE_FINISHED =
  `${BY_KEY}; CORRELATED SCALAR SUBQUERY; ` +
  'SEARCH d USING COVERING INDEX task_dependency_after (after_id=?); SEARCH later USING INTEGER PRIMARY KEY (rowid=?); ' +
  'SEARCH task_usage USING INTEGER PRIMARY KEY (rowid=?); SEARCH attempt USING PRIMARY KEY (task_id=?); SEARCH task_request USING COVERING INDEX task_request_task (task_id=?); ' +
  'SEARCH task_result USING INTEGER PRIMARY KEY (rowid=?); SEARCH task_prompt USING INTEGER PRIMARY KEY (rowid=?); ' +
  'SEARCH task_dependency USING PRIMARY KEY (task_id=?)';

/** What SQLite says it does for each statement; a table that is scanned without an index shows as "SCAN <table>". */
const LANE = 'workspace_id=? AND agent=? AND fallback=? AND task_group=?';

const PLANS: { [Table in keyof typeof STATEMENTS]: Record<keyof (typeof STATEMENTS)[Table], string> } = {
  tasks: {
    byId: BY_KEY,
    status: BY_KEY,
    // Few tasks that have not finished share a key.
    uniqueWaiting: 'SEARCH task USING INDEX task_unique (unique_key=?); USE TEMP B-TREE FOR ORDER BY',
    uniqueUnfinished: 'SEARCH task USING INDEX task_unique (unique_key=?); USE TEMP B-TREE FOR ORDER BY',
    uniqueSince: 'SEARCH task USING INDEX task_unique_made (unique_key=? AND created_at>?)',
    byRequest: `${BY_KEY}; SCALAR SUBQUERY; SEARCH task_request USING PRIMARY KEY (request_id=?)`,
    due: 'SEARCH task USING INDEX task_due (run_at<?)',
    limited: 'SCAN task USING INDEX task_limited',
    overdue: 'SEARCH task USING INDEX task_deadline (deadline>? AND deadline<?)',
    nextDeadline: 'SEARCH task USING INDEX task_deadline (deadline>?)',
    nextDue: 'SCAN task USING COVERING INDEX task_due',
    running: 'SCAN task USING INDEX task_processing',
    abandoned: 'SCAN task USING INDEX task_processing',
    after: 'SEARCH task_dependency USING PRIMARY KEY (task_id=?)',
    prompt: 'SEARCH task_prompt USING INTEGER PRIMARY KEY (rowid=?)',
    result: 'SEARCH task_result USING INTEGER PRIMARY KEY (rowid=?)',
    attempts: 'SEARCH attempt USING PRIMARY KEY (task_id=?)',
    attemptsBefore: 'SEARCH attempt USING PRIMARY KEY (task_id=? AND epoch<?)',
  },
  dependencies: {
    predecessors: 'SEARCH task_dependency USING PRIMARY KEY (task_id=?)',
    successors: 'SEARCH task_dependency USING INDEX task_dependency_after (after_id=?)',
    dependents: `SEARCH task_dependency USING INDEX task_dependency_after (after_id=?); ${BY_KEY}`,
  },
  limitGates: {
    all: 'SCAN limit_gate',
    find: 'SEARCH limit_gate USING PRIMARY KEY (account=?)',
    save: '',
    remove: 'SEARCH limit_gate USING PRIMARY KEY (account=?)',
  },
  queue: {
    get: 'SCAN queue; SCALAR SUBQUERY; SCAN limit_gate; SCALAR SUBQUERY; SCAN queue_limit USING COVERING INDEX sqlite_autoindex_queue_limit_1',
  },
  queueLimits: {
    all:
      'SCAN queue_limit USING INDEX sqlite_autoindex_queue_limit_1; CORRELATED SCALAR SUBQUERY; ' +
      'SEARCH queue_start USING PRIMARY KEY (limit_id=?); CORRELATED SCALAR SUBQUERY; ' +
      'SEARCH queue_start USING PRIMARY KEY (limit_id=? AND n=?); CORRELATED SCALAR SUBQUERY; ' +
      'SEARCH queue_start USING PRIMARY KEY (limit_id=?)',
    find: 'SEARCH queue_limit USING INDEX sqlite_autoindex_queue_limit_1 (kind=? AND name=?)',
    startsAfter: STARTS_OF_PART,
    holders:
      'SEARCH queue_limit USING INDEX sqlite_autoindex_queue_limit_1 (kind=?)' +
      '; CORRELATED SCALAR SUBQUERY; SEARCH task USING INDEX task_group_begun (task_group=? AND status=?)'.repeat(3),
    save: '',
    remove:
      'SEARCH queue_limit USING INDEX sqlite_autoindex_queue_limit_1 (kind=? AND name=?); ' +
      'SEARCH queue_start USING PRIMARY KEY (limit_id=?)',
    noteStart: `${LIMIT_OF_PART}; CORRELATED SCALAR SUBQUERY; SEARCH queue_start USING PRIMARY KEY (limit_id=?)`,
    forgetStarts: 'SEARCH queue_start USING PRIMARY KEY (limit_id=? AND n<?)',
    forgetAllStarts: STARTS_OF_PART,
    startAt: 'SEARCH queue_start USING PRIMARY KEY (limit_id=? AND n=?)',
    pullBack: STARTS_OF_PART,
  },
  order: {
    first: 'SCAN task USING INDEX task_order',
    firstOf: 'SEARCH task USING INDEX task_order (priority=?)',
    heads: `SEARCH task USING COVERING INDEX task_ready (${LANE})`,
    headsOf: `SEARCH task USING COVERING INDEX task_ready (${LANE} AND priority=?)`,
    nextPriority: 'SEARCH task USING COVERING INDEX task_order (priority<?)',
    nextPriorityOf: `SEARCH task USING COVERING INDEX task_ready (${LANE} AND priority<?)`,
  },
  schedules: {
    byId: 'SEARCH schedule USING INTEGER PRIMARY KEY (rowid=?)',
    byName: 'SEARCH schedule USING INDEX sqlite_autoindex_schedule_1 (name=?)',
    list: 'SEARCH schedule USING INTEGER PRIMARY KEY (rowid<?)',
    count: 'SCAN schedule USING COVERING INDEX sqlite_autoindex_schedule_1',
    due: 'SEARCH schedule USING INDEX schedule_next (next_at<?)',
    next: 'SEARCH schedule USING COVERING INDEX schedule_next (next_at>?)',
    insert: '',
    save: 'SEARCH schedule USING INTEGER PRIMARY KEY (rowid=?)',
    remove: 'SEARCH schedule USING INTEGER PRIMARY KEY (rowid=?)',
  },
  ready: {
    first: 'SCAN task USING INDEX task_order',
    firstLane: 'SCAN task USING COVERING INDEX task_ready',
    nextLane:
      'COMPOUND QUERY; LEFT-MOST SUBQUERY; ' +
      [
        'workspace_id=? AND agent=? AND fallback=? AND task_group>?',
        'workspace_id=? AND agent=? AND fallback>?',
        'workspace_id=? AND agent>?',
        'workspace_id>?',
      ]
        .map(
          (at, n) =>
            `CO-ROUTINE (subquery-${String(2 * n + 1)}); SEARCH task USING COVERING INDEX task_ready (${at}); SCAN (subquery-${String(2 * n + 1)})`,
        )
        .join('; UNION ALL; '),
    laneOf: BY_KEY,
    byId: BY_KEY,
    firstRunAt: 'SEARCH task USING COVERING INDEX task_order (priority=?)',
  },
  taskWrites: {
    insert: '',
    dependency: '',
    prompt: '',
    result: '',
    waitFor: BY_KEY,
    block: BY_KEY,
    schedule: BY_KEY,
    makeDue: BY_KEY,
    makeReady: BY_KEY,
    order: BY_KEY,
    reroute: BY_KEY,
    claim: BY_KEY,
    attach: BY_KEY,
    complete: BY_KEY,
    fail: BY_KEY,
    cancel: BY_KEY,
    removeFinished: REMOVE_FINISHED,
    discard: REMOVE_FINISHED,
    noteRequest: '',
    openAttempt: '',
    closeAttempt: 'SEARCH attempt USING PRIMARY KEY (task_id=? AND epoch=?)',
  },
  taskCounts: {
    add: 'SEARCH task_count USING PRIMARY KEY (status=?)',
    // Seven rows.
    all: 'SCAN task_count',
  },
  workspaceNames: { path: 'SEARCH workspace USING INTEGER PRIMARY KEY (rowid=?)' },
  agents: {
    byId: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    all: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid<?)',
    live: 'SEARCH agent USING INDEX agent_live (id<?)',
    abandoned: 'SCAN agent USING INDEX agent_live',
    mark: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    saveMark: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    changeOwner: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    insert: '',
    removeEnded: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    saveLive: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
    saveEnded: 'SEARCH agent USING INTEGER PRIMARY KEY (rowid=?)',
  },
  sessions: {
    byId: 'SEARCH session USING INTEGER PRIMARY KEY (rowid=?)',
    byProvider: 'SEARCH session USING INDEX session_provider (provider_session_id=? AND source=?)',
    countOpen: 'SCAN session USING INDEX session_open',
    idle:
      'SEARCH s USING INDEX session_open (status=?); ' +
      'CORRELATED SCALAR SUBQUERY; SEARCH prompt USING INDEX prompt_session (session_id=?); ' +
      'CORRELATED SCALAR SUBQUERY; SEARCH tool_use USING INDEX tool_use_known (session_id=?)',
    listAll: 'SEARCH session USING INTEGER PRIMARY KEY (rowid<?)',
    listOpen: 'SEARCH session USING INDEX session_open (status=? AND rowid<?)',
    listFailed: 'SEARCH session USING INDEX session_failed (id<?)',
    listWorkspace: 'SEARCH session USING INDEX session_workspace (workspace_id=? AND rowid<?)',
    insert: '',
    save: 'SEARCH session USING INTEGER PRIMARY KEY (rowid=?)',
  },
  workspaces: {
    byId: 'SEARCH workspace USING INTEGER PRIMARY KEY (rowid=?)',
    byPath: 'SEARCH workspace USING INDEX sqlite_autoindex_workspace_1 (path=?)',
    list: 'SEARCH workspace USING INTEGER PRIMARY KEY (rowid<?)',
    sameRepository: 'SEARCH workspace USING COVERING INDEX workspace_repository (repository=?)',
    insert: '',
    save: 'SEARCH workspace USING INTEGER PRIMARY KEY (rowid=?)',
  },
  events: {
    append: '',
    forget: 'SEARCH event USING INDEX event_observation (observation_id=?)',
    oldest: 'SCAN event',
    prune: 'SEARCH event USING INTEGER PRIMARY KEY (rowid<?)',
    after: 'SEARCH event USING INTEGER PRIMARY KEY (rowid>?)',
    before: 'SEARCH event USING INTEGER PRIMARY KEY (rowid<?)',
    first: 'SEARCH event',
    last: 'SCAN sqlite_sequence',
  },
  memory: {
    count: 'SEARCH memory_count USING PRIMARY KEY (what=?)',
  },
  prompts: {
    byId: 'SEARCH prompt USING INTEGER PRIMARY KEY (rowid=?)',
    byTurn: 'SEARCH prompt USING INDEX prompt_turn (session_id=? AND turn=? AND who=?)',
    list: 'SEARCH prompt USING INDEX prompt_session (session_id=? AND id>?)',
    newest: 'SEARCH prompt USING INDEX prompt_session (session_id=?)',
    saidBetween: 'SEARCH prompt USING INDEX prompt_session (session_id=?)',
    lastAsked: 'SEARCH prompt USING INDEX prompt_session (session_id=?); USE TEMP B-TREE FOR ORDER BY',
    insert: '',
    save: 'SEARCH prompt USING INTEGER PRIMARY KEY (rowid=?)',
    remove: 'SEARCH prompt USING INTEGER PRIMARY KEY (rowid=?)',
  },
  transcripts: {
    find: 'SEARCH transcript USING INTEGER PRIMARY KEY (rowid=?)',
    unread: 'SEARCH s USING INTEGER PRIMARY KEY (rowid>?); SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
    save: '',
    skipUntil: '',
  },
  toolUses: {
    waiting: 'SEARCH u USING INDEX tool_use_waiting (session_id=?); SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    sessionsWaiting: 'SEARCH tool_use USING INDEX tool_use_waiting (session_id>?)',
    byId: 'SEARCH u USING INDEX tool_use_known (session_id=? AND tool_use_id=?); SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
    alike: 'SEARCH u USING INDEX tool_use_known (session_id=?); SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
    between: 'SEARCH tool_use USING INDEX tool_use_known (session_id=?)',
    counts:
      'CO-ROUTINE (subquery-1); SEARCH tool_use USING INDEX tool_use_known (session_id=?); ' +
      'SCAN (subquery-1); USE TEMP B-TREE FOR GROUP BY; USE TEMP B-TREE FOR ORDER BY',
    insert: TEXT_BY_KEY,
    insertText: '',
    setDistilled: 'SEARCH tool_use USING INDEX tool_use_known (session_id=? AND tool_use_id=?)',
    blank: 'SEARCH tool_use USING INDEX tool_use_known (session_id=? AND tool_use_id=?)',
    blankText:
      'SEARCH tool_use_text USING INTEGER PRIMARY KEY (rowid=?); SCALAR SUBQUERY; ' +
      'SEARCH tool_use USING COVERING INDEX tool_use_known (session_id=? AND tool_use_id=?)',
    remove: `SEARCH tool_use USING INDEX tool_use_known (session_id=? AND tool_use_id=?); ${TEXT_BY_KEY}`,
    dropText:
      'SEARCH tool_use_text USING INTEGER PRIMARY KEY (rowid=?); SCALAR SUBQUERY; ' +
      'SEARCH tool_use USING INDEX tool_use_known (session_id=? AND tool_use_id=?)',
    removeTurn: `SEARCH tool_use USING INDEX tool_use_known (session_id=?); ${TEXT_BY_KEY}`,
  },
  summaries: {
    markOf: 'SEARCH due_summary USING INTEGER PRIMARY KEY (rowid=?)',
    list: 'SEARCH due_summary USING INTEGER PRIMARY KEY (rowid>?)',
    mark: '',
    clear: 'SEARCH due_summary USING INTEGER PRIMARY KEY (rowid=?)',
  },
  importedRows: {
    find: 'SEARCH imported_row USING PRIMARY KEY (source=?)',
    insert: '',
    isTaken: [
      'SCAN CONSTANT ROW',
      ...['observation', 'prompt', 'session', 'workspace', 'task', 'agent'].flatMap((table) => [
        'SCALAR SUBQUERY',
        `SEARCH ${table} USING INTEGER PRIMARY KEY (rowid=?)`,
      ]),
    ].join('; '),
  },
  ledger: {
    spentOn: 'SEARCH model_spend USING INDEX model_spend_day (day=?)',
    spentIn: 'SEARCH model_spend USING PRIMARY KEY (session_id=?)',
    lettersOf: 'SEARCH dead_letter USING PRIMARY KEY (session_id=?)',
    letters: 'SCAN dead_letter',
    countLetters: 'SCAN dead_letter',
    spend: '',
    keepLetter: '',
    removeLetter: 'SEARCH dead_letter USING PRIMARY KEY (session_id=? AND first_tool_use=?)',
  },
  contexts: {
    list: 'SEARCH handed_context USING INDEX handed_context_session (session_id=?)',
    insert: '',
    save: 'SEARCH handed_context USING INDEX handed_context_session (session_id=?)',
    removeOf: 'SEARCH handed_context USING COVERING INDEX handed_context_session (session_id=?)',
  },
  vectors: {
    // One row.
    model: 'SCAN vector_model',
    missing:
      'CO-ROUTINE d; SEARCH document USING INTEGER PRIMARY KEY (rowid>?); SCAN d; ' +
      'SEARCH v USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
    setModel: '',
    store:
      'SEARCH document USING INTEGER PRIMARY KEY (rowid=?); SEARCH vector_bits USING INTEGER PRIMARY KEY (rowid=?); ' +
      'SEARCH vector_bits USING INTEGER PRIMARY KEY (rowid=?)',
    storeBits: '',
    // As many rows as its limit says.
    clear:
      'SEARCH vector USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY; SCAN vector; ' +
      'SEARCH vector_bits USING INTEGER PRIMARY KEY (rowid=?)',
  },
  usage: {
    ofSession: 'SEARCH session_usage USING INTEGER PRIMARY KEY (rowid=?)',
    ofTask: 'SEARCH task_usage USING INTEGER PRIMARY KEY (rowid=?)',
    onDay: 'SEARCH profile_usage USING PRIMARY KEY (profile=? AND day=?)',
    setSession: '',
    addTask: '',
    addDay: '',
  },
  permissions: {
    byId: 'SEARCH permission USING INTEGER PRIMARY KEY (rowid=?)',
    same: 'SEARCH permission USING INDEX permission_task (task_id=?)',
    always: 'SEARCH permission USING INDEX permission_always (workspace_id=? AND profile=? AND tool=?)',
    waitingOf: 'SEARCH permission USING INDEX permission_task (task_id=?)',
    list: 'SEARCH permission USING INTEGER PRIMARY KEY (rowid<?)',
    listWaiting: 'SEARCH permission USING INDEX permission_waiting (id<?)',
    listTask: 'SEARCH permission USING INDEX permission_task (task_id=? AND id<?)',
    insert: '',
    save: 'SEARCH permission USING INTEGER PRIMARY KEY (rowid=?)',
  },
  observations: {
    byId: 'SEARCH observation USING INTEGER PRIMARY KEY (rowid=?)',
    listAll: `SEARCH observation USING INTEGER PRIMARY KEY (rowid<?)${TYPES}`,
    listWorkspace: `SEARCH observation USING INDEX observation_workspace (workspace_id=? AND id<?)${TYPES}`,
    listSession: `SEARCH observation USING INDEX observation_session (session_id=? AND id<?)${TYPES}`,
    pinned: 'SEARCH observation USING INDEX observation_pinned (workspace_id=?)',
    summaryOf: 'SEARCH observation USING INDEX observation_session_summary (session_id=?)',
    lastSummaries: 'SEARCH observation USING INDEX observation_summary (workspace_id=?)',
    // That no tokens wait for a key that is taken: how SQLite looks after a reference.
    insert: 'SEARCH observation_tokens USING PRIMARY KEY (observation_id=?)',
    save: 'SEARCH observation USING INTEGER PRIMARY KEY (rowid=?)',
    lengthOf: 'SEARCH observation_tokens USING PRIMARY KEY (observation_id=? AND text_hash=?)',
    keepLength: 'SEARCH observation USING INTEGER PRIMARY KEY (rowid=?)',
  },
};

const STATEMENTS = {
  tasks: TASK_QUERIES,
  dependencies: DEPENDENCY_QUERIES,
  order: ORDER_QUERIES,
  ready: READY_QUERIES,
  taskWrites: TASK_WRITES,
  agents: AGENT_STATEMENTS,
  sessions: SESSION_STATEMENTS,
  workspaces: WORKSPACE_STATEMENTS,
  events: EVENT_STATEMENTS,
  memory: MEMORY_STATEMENTS,
  prompts: PROMPT_STATEMENTS,
  toolUses: TOOL_USE_STATEMENTS,
  transcripts: TRANSCRIPT_STATEMENTS,
  contexts: CONTEXT_STATEMENTS,
  summaries: SUMMARY_STATEMENTS,
  importedRows: IMPORTED_ROW_STATEMENTS,
  ledger: LEDGER_STATEMENTS,
  observations: OBSERVATION_STATEMENTS,
  permissions: PERMISSION_STATEMENTS,
  usage: USAGE_STATEMENTS,
  vectors: VECTOR_STATEMENTS,
  limitGates: LIMIT_GATE_STATEMENTS,
  queueLimits: QUEUE_LIMIT_STATEMENTS,
  schedules: SCHEDULE_STATEMENTS,
  queue: QUEUE_STATEMENTS,
  taskCounts: TASK_COUNT_STATEMENTS,
  workspaceNames: WORKSPACE_NAME_STATEMENTS,
};

describe('the query plan', () => {
  const database = new Database(':memory:');
  for (const { sql } of readMigrations(MIGRATIONS)) database.exec(sql);

  /** The steps of the plan that read a table, in order. */
  function planOf(sql: string): string {
    const named = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name ?? '', null]));
    const values = sql.includes('@') ? [named] : Array.from(sql.matchAll(/\?/g), () => null);
    const steps = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    return steps
      .map(({ detail }) => detail.replace(/ SUBQUERY \d+$/, ' SUBQUERY'))
      .filter((detail) => detail !== 'CREATE BLOOM FILTER')
      .join('; ');
  }

  for (const [table, plans] of Object.entries(PLANS)) {
    const statements: Record<string, string> = STATEMENTS[table as keyof typeof STATEMENTS];
    it.each(Object.entries(plans))(`of ${table}.%s is the one it was written for`, (name, plan) => {
      expect(planOf(statements[name] ?? '')).toBe(plan);
    });
  }

  it.each([
    [
      'everything',
      'SEARCH task USING INTEGER PRIMARY KEY (rowid<?)',
      'SEARCH task USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
    ],
    [
      'blocked',
      'SEARCH task USING COVERING INDEX task_blocked (id<?)',
      'SEARCH task USING INDEX task_blocked (id>? AND id<?)',
    ],
    [
      'failed',
      'SEARCH task USING COVERING INDEX task_failed (id<?)',
      'SEARCH task USING INDEX task_failed (id>? AND id<?)',
    ],
    [
      'cancelled',
      'SEARCH task USING COVERING INDEX task_cancelled (id<?)',
      'SEARCH task USING INDEX task_cancelled (id>? AND id<?)',
    ],
    [
      'processing',
      'SCAN task USING COVERING INDEX task_processing; USE TEMP B-TREE FOR ORDER BY',
      'SCAN task USING INDEX task_processing; USE TEMP B-TREE FOR ORDER BY',
    ],
  ] as const)('of the list of %s tasks starts from the index that holds them, and so do walks', (name, floor, page) => {
    const { older, ceiling, younger } = TASK_SOURCES[name];
    expect(planOf(TASK_SOURCES[name].floor)).toBe(floor);
    expect(planOf(TASK_SOURCES[name].page)).toBe(page);
    const oneByOne = (plan: string) => `CO-ROUTINE (subquery-1); ${plan}; SCAN (subquery-1)`;
    expect(planOf(older)).toBe(oneByOne(page.replace(/(row)?id>\? AND /, '')));
    expect(planOf(ceiling)).toBe(floor.replace('<?', '>?'));
    expect(planOf(younger)).toBe(oneByOne(page));
  });

  it('is made once: no statement that runs often has a bare parameter as its limit', () => {
    const { tasks, agents, workspaces, events } = STATEMENTS;
    for (const sql of [tasks, agents, workspaces, events].flatMap((statements) => Object.values(statements))) {
      expect(sql).not.toMatch(/LIMIT [?@](?! \+ 0)/);
    }
  });
});
