import type { DocumentKind } from './document.js';

/** What was before and after a document or a moment, in a session, in workspaces, or in all. */
export interface TimelineRequest {
  readonly around: { readonly key: number } | { readonly at: number };
  readonly session: number | undefined;
  readonly workspaces: readonly number[] | undefined;
  /** How many of each. */
  readonly before: number;
  readonly after: number;
}

export interface TimelineEntry {
  readonly key: number;
  readonly kind: DocumentKind;
}

/** In the order of time, the document itself among them; null when there is no such document. */
export type Timeline = readonly TimelineEntry[] | null;
