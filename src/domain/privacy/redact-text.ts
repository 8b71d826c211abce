import { findAssignments } from './find-assignments.js';
import { findKeyBlocks } from './find-key-blocks.js';
import { findTokens } from './find-tokens.js';
import { joinSpans, markerOf, type Span } from './span.js';

/**
 * A marker is another neighbour than the secret was: `-----END … KEY-----TOKEN=x` names nothing, `[redacted:…]TOKEN=x`
 * does. So what was changed is looked at again. Honest text is settled after one more look.
 */
const MAX_PASSES = 4;

/** Replaces each secret by a marker such as `[redacted:github-token]`. Applying it twice changes nothing. */
export function redactText(text: string): string {
  let left = text;
  for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
    const spans = findSecrets(left);
    if (spans.length === 0) break;
    left = replaceSpans(left, 0, left.length, spans);
  }
  return left;
}

/** Where secrets stand: sorted, none overlapping another. Linear in the length of the text. */
export function findSecrets(text: string): readonly Span[] {
  return joinSpans([...findTokens(text), ...findKeyBlocks(text), ...findAzureSecrets(text), ...findAssignments(text)]);
}

/** The part of the text from `from` to `to` with its spans replaced; a span that reaches over an edge goes as a whole. */
export function replaceSpans(text: string, from: number, to: number, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = from;
  for (const { start, end, label } of spans) {
    if (end <= from || start >= to) continue;
    if (start > at) parts.push(text.slice(at, start));
    parts.push(markerOf(label));
    at = end;
  }
  if (parts.length === 0) return text.slice(from, to);
  if (at < to) parts.push(text.slice(at, to));
  return parts.join('');
}

const AZURE_SIGN = 'Q~';
const AZURE_BEFORE = 4;
const AZURE_SECRET = /[\w.~-]{3}\dQ~[\w.~-]{20,}/y;

/** Client secrets of Azure have no prefix: three characters, a digit and `Q~` begin them. */
function findAzureSecrets(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(AZURE_SIGN); at !== -1; at = text.indexOf(AZURE_SIGN, at + 1)) {
    AZURE_SECRET.lastIndex = Math.max(0, at - AZURE_BEFORE);
    if (!AZURE_SECRET.test(text)) continue;
    spans.push({ start: at - AZURE_BEFORE, end: AZURE_SECRET.lastIndex, label: 'azure-secret' });
    at = AZURE_SECRET.lastIndex - 1;
  }
  return spans;
}
