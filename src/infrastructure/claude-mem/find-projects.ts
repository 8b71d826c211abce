import type { Database } from 'better-sqlite3';
import type { ForeignProject } from '../../application/ports/claude-mem.js';
import { toList, toText } from './foreign-values.js';
import type { ClaudeMemSchema } from './probe-schema.js';

/** Directories of a project that are told, the likeliest first. */
const MAX_DIRECTORIES = 5;

interface FilesRow {
  readonly project: unknown;
  readonly filesRead: unknown;
  readonly filesModified: unknown;
}

/**
 * The projects that the rows name. claude-mem keeps the last part of a directory's path, or two for a worktree; the
 * files that observations name, where their paths are absolute, say the rest.
 */
export function findProjects(
  database: Database,
  { sdk_sessions, observations, session_summaries }: ClaudeMemSchema,
): ForeignProject[] {
  const merged = ({ merged: into, project }: { merged: string; project: string }) => `COALESCE(${into}, ${project})`;
  const names = [
    `SELECT ${sdk_sessions.project} FROM sdk_sessions t`,
    `SELECT ${merged(observations)} FROM observations t`,
    ...(session_summaries === null ? [] : [`SELECT ${merged(session_summaries)} FROM session_summaries t`]),
  ];
  const found = new Map<string, Map<string, number>>();
  for (const name of database.prepare<[]>(names.join(' UNION ')).pluck().iterate()) {
    const project = toText(name);
    found.set(project, new Map(isAbsolute(project) ? [[project, Number.MAX_SAFE_INTEGER]] : []));
  }
  const files = database.prepare<[], FilesRow>(
    `SELECT ${merged(observations)} AS project, ${observations.filesRead} AS filesRead,
      ${observations.filesModified} AS filesModified FROM observations t`,
  );
  for (const { project: name, filesRead, filesModified } of files.iterate()) {
    const project = toText(name);
    const counts = found.get(project);
    for (const path of [...toList(filesModified), ...toList(filesRead)]) {
      const directory = directoryIn(path, project);
      if (directory !== null) counts?.set(directory, (counts.get(directory) ?? 0) + 1);
    }
  }
  return [...found].map(([name, counts]) => ({
    name,
    directories: [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_DIRECTORIES)
      .map(([directory]) => directory),
  }));
}

/** The beginning of an absolute path up to and with the project's name. */
function directoryIn(path: string, project: string): string | null {
  if (project === '' || !isAbsolute(path)) return null;
  const slashed = path.replaceAll('\\', '/');
  const at = slashed.indexOf(`/${project.replaceAll('\\', '/')}/`);
  return at < 0 ? null : path.slice(0, at + 1 + project.length);
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}
