import type { Database, Statement } from 'better-sqlite3';
import { encodeId } from '../../domain/shared/id.js';
import type { WorkspaceName } from './task-rows.js';

/** Most workspaces whose names are remembered; past that the memory starts afresh. */
const MAX_REMEMBERED = 1_000;

export const WORKSPACE_NAME_STATEMENTS = { path: 'SELECT path FROM workspace WHERE id = ?' } as const;

/** The path and public id behind the key that a task's row holds. Neither ever changes, so both are remembered. */
export class WorkspaceNames {
  readonly #path: Statement<[number], string>;
  readonly #remembered = new Map<number, WorkspaceName>();

  constructor(database: Database) {
    this.#path = database.prepare<[number], string>(WORKSPACE_NAME_STATEMENTS.path).pluck();
  }

  get(key: number): WorkspaceName {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const path = this.#path.get(key);
    if (path === undefined) throw new Error(`A task names workspace ${key}, which is not there.`);
    const name = { id: encodeId('workspace', key), path };
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, name);
    return name;
  }
}
