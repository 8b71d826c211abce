import type { Span } from './span.js';
import { TOKEN_RULES, type TokenRule } from './token-rules.js';

interface Candidate {
  readonly rule: TokenRule;
  readonly prefix: string;
  readonly pattern: RegExp;
}

/** The scan compares this many characters; each prefix has at least as many. */
const SCANNED = 3;
/** A hash of the last three characters: each shifts the one before by five bits, and the fourth falls out. */
const SHIFT = 5;
const MASK = 0x7fff;

const candidates = new Map<number, Candidate[]>();
for (const rule of TOKEN_RULES) {
  const pattern = new RegExp(rule.pattern, 'y');
  for (const prefix of rule.prefixes) {
    let hash = 0;
    for (let at = 0; at < SCANNED; at += 1) hash = ((hash << SHIFT) ^ prefix.charCodeAt(at)) & MASK;
    candidates.set(hash, [...(candidates.get(hash) ?? []), { rule, prefix, pattern }]);
  }
}
/** 1 where the map has candidates: a look that costs a nanosecond. */
const isCandidate = new Uint8Array(MASK + 1);
for (const hash of candidates.keys()) isCandidate[hash] = 1;

/** Finds what `TOKEN_RULES` describe. One step per character: all prefixes are compared at once. */
export function findTokens(text: string): readonly Span[] {
  const spans: Span[] = [];
  const { length } = text;
  let hash = 0;
  let end = 0;
  for (let at = 0; at < length; at += 1) {
    hash = ((hash << SHIFT) ^ text.charCodeAt(at)) & MASK;
    if (isCandidate[hash] === 0) continue;
    const start = at - (SCANNED - 1);
    if (start < end) continue;
    const span = spanAt(text, start, candidates.get(hash) ?? []);
    if (span === undefined) continue;
    spans.push(span);
    end = span.end;
  }
  return spans;
}

function spanAt(text: string, start: number, list: readonly Candidate[]): Span | undefined {
  for (const { rule, prefix, pattern } of list) {
    if (!text.startsWith(prefix, start)) continue;
    if (rule.sure !== true && followsWord(text, start)) continue;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) continue;
    return { start: start + (match[1]?.length ?? 0), end: pattern.lastIndex, label: rule.label };
  }
  return undefined;
}

/** Is there a letter or digit right before `start`? The letter of an escape (`\n`) is none. */
function followsWord(text: string, start: number): boolean {
  if (start === 0 || !/[A-Za-z0-9]/.test(text.charAt(start - 1))) return false;
  return text.charAt(start - 2) !== '\\';
}
