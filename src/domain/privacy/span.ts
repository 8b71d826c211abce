/** A part of a text that holds a secret, in UTF-16 code units, and what kind of secret it is. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Sorts spans and joins those that overlap; the joined one is called as the one that starts first. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) joined.push(span);
    else if (span.end > last.end) joined[joined.length - 1] = { ...last, end: span.end };
  }
  return joined;
}

/** What stands where a secret stood. */
export function markerOf(label: string): string {
  return `[redacted:${label}]`;
}

/** How every marker begins. */
export const MARKER_START = '[redacted:';
