import type { HitPage, SearchRequest } from '../../domain/memory/search-request.js';
import type { Timeline, TimelineRequest } from '../../domain/memory/timeline-request.js';

/** Looks through what is remembered, off the main thread. Rejects as `Workers` does. */
export interface MemorySearch {
  search(request: SearchRequest): Promise<HitPage>;
  timeline(request: TimelineRequest): Promise<Timeline>;
}
