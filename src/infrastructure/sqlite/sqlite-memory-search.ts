import type { MemorySearch } from '../../application/ports/memory-search.js';
import type { Workers } from '../../application/ports/workers.js';
import type { readTimeline, searchDocuments } from './search-jobs.js';

/** Longest wait for an answer, in milliseconds, the wait for a thread included: a disk may be slow, a person waits. */
const SEARCH_LIMIT_MS = 20_000;

interface SearchJobs {
  readonly [name: string]: (input: never) => unknown;
  readonly searchDocuments: (
    input: Parameters<typeof searchDocuments>[0],
  ) => Promise<ReturnType<typeof searchDocuments>>;
  readonly readTimeline: (input: Parameters<typeof readTimeline>[0]) => Promise<ReturnType<typeof readTimeline>>;
}

/** Searches the database file in worker threads. */
export function createMemorySearch(workers: Pick<Workers<SearchJobs>, 'run'>, file: string): MemorySearch {
  return {
    search: (request) => workers.run('searchDocuments', { file, request }, { timeoutMs: SEARCH_LIMIT_MS }),
    timeline: (request) => workers.run('readTimeline', { file, request }, { timeoutMs: SEARCH_LIMIT_MS }),
  };
}
