import type { Database, Statement } from 'better-sqlite3';
import { documentOfPrompt } from '../../domain/memory/observation-document.js';
import type { Prompt, Speaker } from '../../domain/session/prompt.js';
import type { PromptFilter, SaidBetween } from '../../domain/session/prompt-repository.js';
import { decodeId, encodeId, type PromptId, type SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { DocumentWrites } from './document-writes.js';
import { LIMIT } from './limit.js';

export const PROMPT_COLUMNS = 'id, session_id, workspace_id, number, who, turn, at, text';

export const PROMPT_STATEMENTS = {
  byId: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE id = ?`,
  byTurn: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE session_id = ? AND turn = ? AND who = ?`,
  list: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE session_id = ? AND id > ? ORDER BY id ${LIMIT}`,
  newest: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE session_id = ? ORDER BY id DESC ${LIMIT}`,
  lastAsked: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE session_id = ? AND who <> 'agent' AND at <= ?
    ORDER BY at DESC, id DESC LIMIT 1`,
  saidBetween: `SELECT ${PROMPT_COLUMNS} FROM prompt WHERE session_id = ? AND who = ? AND at BETWEEN ? AND ?
    ORDER BY id DESC ${LIMIT}`,
  insert: `INSERT INTO prompt (${PROMPT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  save: 'UPDATE prompt SET text = ?, at = ? WHERE id = ?',
  remove: 'DELETE FROM prompt WHERE id = ?',
} as const;

export type PromptRow = [
  id: number,
  sessionId: number,
  workspaceId: number,
  number: number,
  who: Speaker,
  turn: string | null,
  at: number,
  text: string,
];

/** Every question about prompts, prepared once for a connection. */
export class PromptQueries {
  readonly #byId: Statement<[number], PromptRow>;
  readonly #byTurn: Statement<[number, string, string], PromptRow>;
  readonly #list: Statement<[number, number, number], PromptRow>;
  readonly #newest: Statement<[number, number], PromptRow>;
  readonly #saidBetween: Statement<[number, string, number, number, number], PromptRow>;
  readonly #lastAsked: Statement<[number, number], PromptRow>;

  constructor(database: Database) {
    this.#byId = database.prepare<[number], PromptRow>(PROMPT_STATEMENTS.byId).raw();
    this.#byTurn = database.prepare<[number, string, string], PromptRow>(PROMPT_STATEMENTS.byTurn).raw();
    this.#newest = database.prepare<[number, number], PromptRow>(PROMPT_STATEMENTS.newest).raw();
    this.#saidBetween = database
      .prepare<[number, string, number, number, number], PromptRow>(PROMPT_STATEMENTS.saidBetween)
      .raw();
    this.#lastAsked = database.prepare<[number, number], PromptRow>(PROMPT_STATEMENTS.lastAsked).raw();
    this.#list = database.prepare<[number, number, number], PromptRow>(PROMPT_STATEMENTS.list).raw();
  }

  getMany(ids: readonly PromptId[]): Prompt[] {
    return ids.flatMap((id) => this.#byId.all(decodeId(id))).map(toPrompt);
  }

  findByTurn(sessionId: SessionId, turn: string, who: Speaker): Prompt | undefined {
    const row = this.#byTurn.get(decodeId(sessionId), turn, who);
    return row === undefined ? undefined : toPrompt(row);
  }

  saidBetween({ sessionId, who, from, to, limit }: SaidBetween): Prompt[] {
    return this.#saidBetween.all(decodeId(sessionId), who, from, to, limit).map(toPrompt);
  }

  lastAsked(sessionId: SessionId, at: Timestamp): Prompt | undefined {
    const row = this.#lastAsked.get(decodeId(sessionId), at);
    return row === undefined ? undefined : toPrompt(row);
  }

  newest(sessionId: SessionId, limit: number): Prompt[] {
    return this.#newest.all(decodeId(sessionId), limit).reverse().map(toPrompt);
  }

  list({ sessionId, after, limit }: PromptFilter): Prompt[] {
    const above = after === undefined ? 0 : decodeId(after);
    return this.#list.all(decodeId(sessionId), above, limit).map(toPrompt);
  }
}

/** Every change of prompts, prepared once for the connection that writes. All of them can be searched. */
export class PromptWrites {
  readonly #insert: Statement<PromptRow>;
  readonly #save: Statement<[string, number, number]>;
  readonly #remove: Statement<[number]>;
  readonly #documents: DocumentWrites;

  constructor(database: Database, documents: DocumentWrites) {
    this.#documents = documents;
    this.#insert = database.prepare(PROMPT_STATEMENTS.insert);
    this.#save = database.prepare(PROMPT_STATEMENTS.save);
    this.#remove = database.prepare(PROMPT_STATEMENTS.remove);
  }

  insert(prompt: Prompt): void {
    const { id, sessionId, workspaceId, number, who, turn, at, text } = prompt;
    this.#insert.run(decodeId(id), decodeId(sessionId), decodeId(workspaceId), number, who, turn, at, text);
    this.#documents.insert(documentOfPrompt(prompt));
  }

  /** False when there is no such prompt. */
  save(prompt: Prompt): boolean {
    const key = decodeId(prompt.id);
    if (this.#save.run(prompt.text, prompt.at, key).changes === 0) return false;
    this.#documents.remove(key);
    this.#documents.insert(documentOfPrompt(prompt));
    return true;
  }

  remove(id: PromptId): void {
    const key = decodeId(id);
    this.#remove.run(key);
    this.#documents.remove(key);
  }
}

/** The prompt of a row. */
export function toPrompt([id, sessionId, workspaceId, number, who, turn, at, text]: PromptRow): Prompt {
  return {
    id: encodeId('prompt', id),
    sessionId: encodeId('session', sessionId),
    workspaceId: encodeId('workspace', workspaceId),
    number,
    who,
    turn,
    text,
    at,
  };
}
