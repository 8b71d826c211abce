import type { WorkNote } from './work-notes.js';

/** Kinds of work that are named; beyond these few the rest is small. */
const NAMED = 5;

/** A kind of work, how often it began, and for how long nothing else began after it, in milliseconds. */
export interface Ran {
  readonly what: string;
  readonly times: number;
  readonly ms: number;
}

/** What ran up to `now`, the longest first. A piece of work lasts until the next one begins. */
export function whatRan(notes: readonly WorkNote[], now: number): Ran[] {
  const ran = new Map<string, Ran>();
  for (const [n, { what, at }] of notes.entries()) {
    const ms = (notes[n + 1]?.at ?? now) - at;
    const before = ran.get(what);
    ran.set(what, { what, times: (before?.times ?? 0) + 1, ms: (before?.ms ?? 0) + ms });
  }
  return [...ran.values()]
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, NAMED)
    .map((kind) => ({ ...kind, ms: Math.round(kind.ms) }));
}
