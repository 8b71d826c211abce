import type { Database } from 'better-sqlite3';
import type { HitPage, SearchRequest } from '../../domain/memory/search-request.js';
import type { Timeline, TimelineRequest } from '../../domain/memory/timeline-request.js';
import { DocumentTimeline } from './document-timeline.js';
import { openReader } from './open-database.js';
import { DocumentSearch } from './search-documents.js';

interface Opened {
  readonly file: string;
  readonly database: Database;
  readonly search: DocumentSearch;
  readonly timeline: DocumentTimeline;
}

/** Memory for pages of the database in one thread, in KiB: what searches read again and again stays at hand. */
const CACHE_KIB = 32 * 1024;

/** Stays open between jobs: statements, pages and frequencies are warm for the next question, until the thread ends. */
let opened: Opened | undefined;

/** Searches the database of a running server. For a worker thread. */
export function searchDocuments({
  file,
  request,
}: {
  readonly file: string;
  readonly request: SearchRequest;
}): HitPage {
  return open(file).search.search(request);
}

/** What was before and after. For a worker thread. */
export function readTimeline(input: { readonly file: string; readonly request: TimelineRequest }): Timeline {
  return open(input.file).timeline.read(input.request);
}

function open(file: string): Opened {
  if (opened?.file === file) return opened;
  opened?.database.close();
  const database = openReader(file);
  database.pragma(`cache_size = -${CACHE_KIB}`);
  opened = { file, database, search: new DocumentSearch(database), timeline: new DocumentTimeline(database) };
  return opened;
}
