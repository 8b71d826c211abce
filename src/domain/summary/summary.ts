import { z } from 'zod';
import type { Fact } from '../event/event.js';
import type { KeptObservation } from '../observation/observation.js';
import type { SessionId } from '../shared/id.js';

/** What a session asked for, found, did and left open: a few points each, one line each, oldest first. */
export const SummaryParts = z.object({
  asked: z.array(z.string()),
  found: z.array(z.string()),
  done: z.array(z.string()),
  open: z.array(z.string()),
});
export type SummaryParts = z.infer<typeof SummaryParts>;

/** The parts in the order in which they stand. */
const SUMMARY_PARTS = ['asked', 'found', 'done', 'open'] as const;

const HEADINGS = { asked: 'Asked:', found: 'Found:', done: 'Done:', open: 'Open:' } as const;
const NOTHING = ' nothing';
const POINT = '• ';

/**
 * The parts as the narrative of an observation. A line `Asked:`, `Found:`, `Done:` and `Open:`, each with its points
 * below it, or with `nothing` behind it.
 */
export function renderSummary(parts: SummaryParts): string {
  return SUMMARY_PARTS.flatMap((part) => {
    const points = parts[part].map((point) => POINT + point.replace(/\s+/gu, ' ').trim());
    return points.length === 0 ? [HEADINGS[part] + NOTHING] : [HEADINGS[part], ...points];
  }).join('\n');
}

/** Reads such a narrative; null for one of another form, such as that of an imported summary. */
export function parseSummary(narrative: string): SummaryParts | null {
  const parts: SummaryParts = { asked: [], found: [], done: [], open: [] };
  const lines = narrative.split('\n');
  let at = 0;
  for (const part of SUMMARY_PARTS) {
    const heading = lines[at];
    at += 1;
    if (heading === HEADINGS[part] + NOTHING) continue;
    if (heading !== HEADINGS[part]) return null;
    for (let line = lines[at]; line?.startsWith(POINT) === true; line = lines[at]) {
      parts[part].push(line.slice(POINT.length));
      at += 1;
    }
  }
  return at === lines.length ? parts : null;
}

/** A session has a new summary, and this is it. */
export function sessionSummarized(summary: KeptObservation, sessionId: SessionId): Fact {
  const { id: observationId, workspaceId, createdAt: at, origin } = summary;
  return { type: 'session.summarized', at, sessionId, workspaceId, observationId, data: { origin } };
}
