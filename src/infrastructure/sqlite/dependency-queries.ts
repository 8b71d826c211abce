import type { Database, Statement } from 'better-sqlite3';
import { encodeId, type TaskId } from '../../domain/shared/id.js';
import type { Dependency, Dependent, OnFailure } from '../../domain/task/dependency.js';
import { LIMIT } from './limit.js';

/** What comes after what. */
export const DEPENDENCY_QUERIES = {
  predecessors: `SELECT after_id, run_anyway FROM task_dependency WHERE task_id = ? ORDER BY place ${LIMIT}`,
  successors: `SELECT task_id, run_anyway FROM task_dependency WHERE after_id = ? ORDER BY task_id ${LIMIT}`,
  dependents: `SELECT task.id, task_dependency.run_anyway, task.waiting_for, task.session_id
    FROM task_dependency JOIN task ON task.id = task_dependency.task_id
    WHERE task_dependency.after_id = ? AND task.status = 'blocked' ORDER BY task_dependency.task_id`,
} as const;

type DependencyRow = [id: number, runAnyway: number];
type DependentRow = [...DependencyRow, waitingFor: number, sessionId: number | null];

/** The questions about dependencies, prepared once for a connection. */
export class DependencyQueries {
  readonly #predecessors: Statement<[number, number], DependencyRow>;
  readonly #successors: Statement<[number, number], DependencyRow>;
  readonly #dependents: Statement<[number], DependentRow>;

  constructor(database: Database) {
    const q = DEPENDENCY_QUERIES;
    this.#predecessors = database.prepare<[number, number], DependencyRow>(q.predecessors).raw();
    this.#successors = database.prepare<[number, number], DependencyRow>(q.successors).raw();
    this.#dependents = database.prepare<[number], DependentRow>(q.dependents).raw();
  }

  predecessors(key: number, limit: number): Dependency[] {
    return this.#predecessors.all(key, limit).map(toDependency);
  }

  successors(key: number, limit: number): Dependency[] {
    return this.#successors.all(key, limit).map(toDependency);
  }

  dependents(key: number): Dependent[] {
    return this.#dependents.all(key).map(([id, runAnyway, waitingFor, session]) => ({
      task: taskOf(id),
      onFailure: policyOf(runAnyway),
      waitingFor,
      sessionId: session === null ? null : encodeId('session', session),
    }));
  }
}

function toDependency([id, runAnyway]: DependencyRow): Dependency {
  return { task: taskOf(id), onFailure: policyOf(runAnyway) };
}

function taskOf(key: number): TaskId {
  return encodeId('task', key);
}

function policyOf(runAnyway: number): OnFailure {
  return runAnyway === 1 ? 'run' : 'fail';
}
