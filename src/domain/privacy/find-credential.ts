import { isBareSecret, isPlaceholder } from './secret-values.js';
import type { Span } from './span.js';
import { endOfWord, stopsAt, type ValueAfter } from './value-after.js';

const SCHEME =
  /(basic|bearer|token|digest|negotiate|ntlm|apikey|api-key|key|aws4-hmac-sha256|hawk|oauth|signature|geniekey|splunk|ssws|discogs|bot)[ \t]{1,8}/iy;
/** These schemes go on after a blank: `Digest username="…", realm="…"`. */
const LONG_SCHEMES = new Set(['digest', 'aws4-hmac-sha256', 'hawk', 'oauth', 'signature']);
const QUOTES_AND_ESCAPES = stopsAt('"\'`\\');
const WORD_STOPS = stopsAt('"\'`\\,');
/** A header may hold double quotes: `Digest username="…"`. */
const LINE_STOPS = stopsAt("'`\\");
const COOKIE = /[\w!#%&*+.^|~-]{1,128}=[^=\s]/y;
/** `Authorization: Basic authentication` tells about a header and is none. A call (`Bearer token(…)`) is code. */
const PROSE = /^(?:[A-Za-z]{1,15}[.,;:)]?$|[\w$.]+\()/;
/** Judged by its beginning; how long it is makes no difference. */
const JUDGED = 128;

/** What is secret in the value of an `Authorization:` header or the like. The scheme stays readable. */
export function findCredential(text: string, value: ValueAfter): Span | undefined {
  SCHEME.lastIndex = value.start;
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  const start = scheme === undefined ? value.start : SCHEME.lastIndex;
  if (value.isQuoted && start >= value.end) return undefined;
  const word = text.slice(
    start,
    value.isQuoted ? Math.min(value.end, start + JUDGED) : endOfWord(text, start, WORD_STOPS, JUDGED),
  );
  if (isPlaceholder(word)) return undefined;
  const span = (end: number) => ({ start, end, label: 'authorization' });
  if (value.isQuoted) return span(value.end);
  if (scheme !== undefined && LONG_SCHEMES.has(scheme)) return span(endOfLine(text, start));
  const isSecret =
    scheme === undefined
      ? isBareSecret(word, { isEnvironment: false, isWholeLine: false, isPassword: false })
      : !PROSE.test(word);
  return isSecret ? span(endOfWord(text, start, QUOTES_AND_ESCAPES, text.length)) : undefined;
}

/** The value of a `Cookie:` or `Set-Cookie:` header: it must look like one. */
export function findCookie(text: string, value: ValueAfter): Span | undefined {
  COOKIE.lastIndex = value.start;
  if (!COOKIE.test(text)) return undefined;
  const end = value.isQuoted ? value.end : endOfLine(text, value.start);
  return { start: value.start, end, label: 'cookie' };
}

/** The end of what a header line holds: the line's, or that of the string it stands in. */
function endOfLine(text: string, from: number): number {
  let end = from;
  for (let word = from; ; ) {
    end = endOfWord(text, word, LINE_STOPS, text.length);
    word = end;
    while (text.charAt(word) === ' ' || text.charAt(word) === '\t') word += 1;
    if (word === end || word >= text.length) return end;
  }
}
