import type { Job } from '../application/ports/workers.js';

/**
 * Every job that runs off the main thread: the table of contents of a worker thread, which loads each with its first
 * use. The main thread knows only the type of this table.
 */
export const workerJobs = {
  copyDatabase: lazy(async () => (await import('../infrastructure/sqlite/copy-database.js')).copyDatabase),
  searchDocuments: lazy(async () => (await import('../infrastructure/sqlite/search-jobs.js')).searchDocuments),
  readTimeline: lazy(async () => (await import('../infrastructure/sqlite/search-jobs.js')).readTimeline),
  listFiles: lazy(async () => (await import('../infrastructure/workspaces/file-jobs.js')).listFiles),
  countFiles: lazy(async () => (await import('../infrastructure/workspaces/file-jobs.js')).countFiles),
  changedFiles: lazy(async () => (await import('../infrastructure/workspaces/file-jobs.js')).changedFiles),
  readTranscript: lazy(async () => (await import('../infrastructure/transcripts/read-transcript.js')).readTranscript),
  readLargeHook: lazy(async () => (await import('./read-large-hook.js')).readLargeHook),
  countTokens: lazy(async () => (await import('../infrastructure/tokens/count-tokens.js')).countTokens),
  findRemembered: lazy(async () => (await import('../infrastructure/sqlite/find-remembered.js')).findRemembered),
  exportMemory: lazy(async () => (await import('../infrastructure/sqlite/export-memory.js')).exportMemory),
  checkRecords: lazy(async () => (await import('../infrastructure/memory-file/read-records.js')).checkRecords),
  readRecords: lazy(async () => (await import('../infrastructure/memory-file/read-records.js')).readRecords),
  copyClaudeMem: lazy(async () => (await import('../infrastructure/claude-mem/copy-claude-mem.js')).copyClaudeMem),
  readClaudeMem: lazy(async () => (await import('../infrastructure/claude-mem/read-claude-mem.js')).readClaudeMem),
  compactDatabase: lazy(async () => (await import('../infrastructure/sqlite/compact-database.js')).compactDatabase),
  parseLongLine: lazy(async () => (await import('../infrastructure/process/agent/parse-long-line.js')).parseLongLine),
  measureDatabase: lazy(async () => (await import('../infrastructure/sqlite/measure-database.js')).measureDatabase),
  countExpired: lazy(async () => (await import('../infrastructure/sqlite/find-expired.js')).countExpired),
  findExpiredTasks: lazy(async () => (await import('../infrastructure/sqlite/find-expired.js')).findExpiredTasks),
  findExpiredAgents: lazy(async () => (await import('../infrastructure/sqlite/find-expired.js')).findExpiredAgents),
  findExpiredTexts: lazy(async () => (await import('../infrastructure/sqlite/find-expired.js')).findExpiredTexts),
  findExpiredRuns: lazy(async () => (await import('./find-expired-runs.js')).findExpiredRuns),
  removeRuns: lazy(async () => (await import('../infrastructure/filesystem/run-directories.js')).removeRuns),
  checkDatabase: lazy(async () => (await import('../infrastructure/sqlite/check-database.js')).checkDatabase),
};
export type WorkerJobs = typeof workerJobs;

function lazy<Input, Output>(load: () => Promise<Job<Input, Output>>): (input: Input) => Promise<Output> {
  return async (input) => (await load())(input);
}
