import Database from 'better-sqlite3';
import type { FoundRemembered, RememberedFilter } from '../../application/ports/find-remembered.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';

export interface FindRememberedInput {
  readonly database: string;
  readonly filter: RememberedFilter;
  readonly limit: number;
}

interface Bounds {
  session: number | null;
  since: number;
  until: number;
  /** A JSON array of keys, or null for all. */
  workspaces: string | null;
}

const OF_WORKSPACE = '(@workspaces IS NULL OR workspace_id IN (SELECT value FROM json_each(@workspaces)))';
const OF_SESSION = '(@session IS NULL OR session_id = @session)';

const FIND = {
  observations: `SELECT id, title || char(10) || narrative || char(10) || facts || char(10) || concepts AS text,
      files_read AS filesRead, files_modified AS filesModified
    FROM observation WHERE forgotten_at IS NULL AND created_at BETWEEN @since AND @until
    AND ${OF_SESSION} AND ${OF_WORKSPACE}`,
  prompts: `SELECT id, text FROM prompt WHERE text <> '' AND at BETWEEN @since AND @until
    AND ${OF_SESSION} AND ${OF_WORKSPACE}`,
  toolUses: `SELECT u.session_id AS session, u.tool_use_id AS id, t.input AS input, t.result AS result
    FROM tool_use u JOIN tool_use_text t ON t.tool_use_id = u.id JOIN session s ON s.id = u.session_id
    WHERE (t.input <> '' OR t.result <> '') AND u.at BETWEEN @since AND @until
    AND (@session IS NULL OR u.session_id = @session)
    AND (@workspaces IS NULL OR s.workspace_id IN (SELECT value FROM json_each(@workspaces)))`,
} as const;

/** Finds what fits in a database that is in use. It reads everything: for a worker thread. */
export function findRemembered({ database: path, filter, limit }: FindRememberedInput): FoundRemembered {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const bounds: Bounds = {
      session: filter.sessionId === undefined ? null : decodeId(filter.sessionId),
      since: filter.since ?? 0,
      until: filter.until ?? Number.MAX_SAFE_INTEGER,
      workspaces: filter.workspaceIds === undefined ? null : JSON.stringify(filter.workspaceIds.map(decodeId)),
    };
    const hasWords = wordsIn(filter.query);
    const { file } = filter;
    return database.transaction(() => {
      const observations = keep(limit, observationsOf(database, bounds), ({ text, filesRead, filesModified }) => {
        const files = [...(JSON.parse(filesRead) as string[]), ...(JSON.parse(filesModified) as string[])];
        return (
          hasWords(`${text}\n${files.join('\n')}`) && (file === undefined || files.some((one) => isFile(one, file)))
        );
      });
      const prompts =
        file === undefined ? keep(limit, promptsOf(database, bounds), ({ text }) => hasWords(text)) : NONE;
      const toolUses = keep(limit, toolUsesOf(database, bounds), ({ input, result }) => {
        return hasWords(`${input}\n${result}`) && (file === undefined || namesFile(input, file));
      });
      return {
        observationIds: observations.kept.map(({ id }) => encodeId('obs', id)),
        prompts: prompts.kept.map(({ id }) => encodeId('prompt', id)),
        toolUses: toolUses.kept.map(({ session, id }) => ({ sessionId: encodeId('session', session), toolUseId: id })),
        counts: { observations: observations.count, prompts: prompts.count, toolUses: toolUses.count },
      };
    })();
  } finally {
    database.close();
  }
}

interface ObservationFound {
  readonly id: number;
  readonly text: string;
  readonly filesRead: string;
  readonly filesModified: string;
}
interface PromptFound {
  readonly id: number;
  readonly text: string;
}
interface ToolUseFound {
  readonly session: number;
  readonly id: string;
  readonly input: string;
  readonly result: string;
}

const observationsOf = (database: Database.Database, bounds: Bounds) =>
  database.prepare<[Bounds], ObservationFound>(FIND.observations).iterate(bounds);
const promptsOf = (database: Database.Database, bounds: Bounds) =>
  database.prepare<[Bounds], PromptFound>(FIND.prompts).iterate(bounds);
const toolUsesOf = (database: Database.Database, bounds: Bounds) =>
  database.prepare<[Bounds], ToolUseFound>(FIND.toolUses).iterate(bounds);

const NONE: { kept: PromptFound[]; count: number } = { kept: [], count: 0 };

/** Keeps the keys of what fits, and not its texts. */
function keep<Row extends { readonly id: number | string }>(
  limit: number,
  rows: Iterable<Row>,
  fits: (row: Row) => boolean,
): { kept: Row[]; count: number } {
  const kept: Row[] = [];
  let count = 0;
  for (const row of rows) {
    if (!fits(row)) continue;
    count += 1;
    if (kept.length < limit) kept.push({ ...row, text: '', input: '', result: '' });
  }
  return { kept, count };
}

function wordsIn(query: string | undefined): (text: string) => boolean {
  const words = (query ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

function isFile(known: string, file: string): boolean {
  return known === file || known.endsWith(`/${file}`) || file.endsWith(`/${known}`);
}

/** Whether an input, which is JSON, names a path that is this file or ends with it. */
function namesFile(input: string, file: string): boolean {
  const quoted = JSON.stringify(file).slice(1, -1);
  const at = input.indexOf(quoted);
  return at >= 0 && !/[\w.-]/.test(input.charAt(at + quoted.length)) && !/[\w.-]/.test(input.charAt(at - 1));
}
