import { findCookie, findCredential } from './find-credential.js';
import { findUrlPassword } from './find-url-password.js';
import { type NameBefore, nameBefore } from './name-before.js';
import { secretNamed } from './secret-names.js';
import { isBareSecret, isPlaceholder, looksRandom, MAX_RANDOM, MIN_RANDOM } from './secret-values.js';
import { MARKER_START, type Span } from './span.js';
import { endOfWord, stopsAt, type ValueAfter, valueAfter } from './value-after.js';

const EQUALS = 0x3d;
const COLON = 0x3a;
/** A value is judged by so many characters; what follows them belongs to it or not, whatever it is. */
const JUDGED = 64;
/** Names whose random-looking values are no secrets: checksums, keys of rows, places. */
const HARMLESS_NAME =
  /(?:ids?|uuid|guid|hash|sha\d*|md5|digest|checksum|integrity|etag|fingerprint|thumbprint|signature|nonce|cursor|revision|rev|commit|version|ref|href|src|url|uri|path|file|name|class|content|data|image|body|text|marker|snapshot|resolved)$/i;
/** The sign and the first 24 characters of a value that may be random: rare, so that the rest is seldom looked at. */
const RANDOM_START = /[:=][=>]{0,2}[ \t]{0,64}[bfr]?\\{0,8}["'`]?[A-Za-z0-9+/_-]{24}/y;
const RANDOM = /[A-Za-z0-9+/_-]{24,257}={0,2}/y;
/** What a language writes before a name that it declares. */
const DECLARES = /\b(?:var|let|const|return|function|val|auto|def|public|private|static|final|readonly)[ \t]{1,8}$/;
const LINE_START =
  /^[ \t]{0,64}(?:\d{1,7}[\t:|→][ \t]{0,64})?(?:[-+>][ \t]{0,8}){0,2}(?:export |set |ENV |ARG )?["'\\]{0,4}$/;
const LONGEST_DECLARATION = 20;
/** How far before a name its line is looked at. */
const LOOK_BACK = 96;
const OTHER_NAME =
  /(?:name|key)\\{0,3}["']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,3}["']?([\w.-]{1,64})\\{0,3}["']?,?(?:\s|\\n){0,40}\\{0,3}["']?$/i;

/**
 * Finds the values of assignments that name a secret (`.env`, YAML, JSON, TOML, code, query strings, command lines), of
 * `Authorization:` and `Cookie:` headers, passwords in addresses, and quoted or plain values that look random.
 */
export function findAssignments(text: string): readonly Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code !== EQUALS && code !== COLON) || at < end) continue;
    const span = code === COLON && text.startsWith('//', at + 1) ? findUrlPassword(text, at) : findValue(text, at);
    // What holds a marker has been judged before.
    if (span === undefined || text.slice(span.start, span.end).includes(MARKER_START)) continue;
    spans.push(span);
    end = span.end;
  }
  return spans;
}

function findValue(text: string, at: number): Span | undefined {
  const name = nameBefore(text, at);
  if (name === undefined) return undefined;
  const secret = secretNamed(nameMeant(text, name));
  if (secret === undefined) return findRandom(text, at, name);
  const value = valueAfter(text, at);
  if (secret.kind === 'cookie') return findCookie(text, value);
  if (secret.kind === 'credential') return findCredential(text, value);
  const span = (end: number) => ({ start: value.start, end, label: secret.label });
  if (!value.isQuoted) {
    const end = endOfBareSecret(text, at, name, value, secret.kind === 'password');
    return end === undefined ? undefined : span(end);
  }
  const judged = text.slice(value.start, Math.min(value.end, value.start + JUDGED));
  if (isPlaceholder(judged)) return undefined;
  // `"Invalid token: ", name`: that was the closing quote of a sentence.
  if (!name.isQuoted && text.charCodeAt(at) === COLON && /^\s{0,8}[,;)\]}+.&|?:]/.test(judged)) return undefined;
  if (secret.kind === 'secret' && !name.isQuoted && isWordOfCode(judged, text.startsWith('==', at))) return undefined;
  return span(value.end);
}

/** `lastToken = "?."`, `token === "class"`: a parser's token opens no door. */
function isWordOfCode(value: string, isCompared: boolean): boolean {
  return value.length < 6 || (isCompared && !/\d/.test(value));
}

/** `name: DB_PASSWORD`, on the next line `value: …`: the name that counts is the other one. */
function nameMeant(text: string, { name, start }: NameBefore): string {
  if (name !== 'value') return name;
  return OTHER_NAME.exec(text.slice(Math.max(0, start - LOOK_BACK), start))?.[1] ?? name;
}

function endOfBareSecret(
  text: string,
  at: number,
  name: NameBefore,
  value: ValueAfter,
  isPassword: boolean,
): number | undefined {
  const { start } = value;
  if (/[$<([{=]/.test(text.charAt(start))) return undefined;
  const before = text.slice(Math.max(0, name.start - LOOK_BACK), name.start);
  const isTight = !name.isSpaced && !value.isSpaced && text.charCodeAt(at) === EQUALS;
  const isEnvironment =
    isTight && /^[A-Z][A-Z0-9_]*$/.test(name.name) && !/[.\w]$/.test(before.replace(/\\[nrt]$/, ''));
  // `e.token=t,…` at the start of a line is minified code, `spring.datasource.password=…` a setting.
  const isMinified = /^\w{1,2}\./.test(name.name);
  const startsLine = !isMinified && isLineStart(before, name.start);
  const stops = stopsOf({ isEnvironment, startsLine, isMinified, isTight: !value.isSpaced, before });
  const judgedEnd = endOfWord(text, start, stops, JUDGED);
  const judged = text.slice(start, judgedEnd).replace(/[,;)}\]][,;)}\]:?]{0,8}$/, '');
  const isWholeLine =
    startsLine &&
    judged.length === judgedEnd - start &&
    /^(?:[ \t]{0,8}(?:[\r\n#]|$)|\\[nr"]|["'`])/.test(text.slice(judgedEnd, judgedEnd + 16));
  if (!isBareSecret(judged, { isEnvironment, isWholeLine, isPassword })) return undefined;
  return judgedEnd - start < JUDGED ? start + judged.length : endOfWord(text, start, stops, text.length);
}

/** Is there nothing of the line before a name, or only what a listing, a list or a shell puts there? */
function isLineStart(before: string, at: number): boolean {
  const raw = before.lastIndexOf('\n');
  const escaped = before.lastIndexOf('\\n');
  const from = Math.max(raw === -1 ? -1 : raw + 1, escaped === -1 ? -1 : escaped + 2);
  if (from === -1 && at > before.length) return false;
  return LINE_START.test(before.slice(Math.max(0, from)));
}

const ALWAYS = '"\'`\\<';
const STOPS = stopsAt(ALWAYS);
const QUERY_STOPS = stopsAt(`${ALWAYS}&#)>`);
const LIST_STOPS = stopsAt(`${ALWAYS};`);
const CODE_STOPS = stopsAt(`${ALWAYS},;)}]&`);

/** Which characters end a bare word, beside blanks: as few as its surroundings allow, so that no half is left. */
function stopsOf(place: {
  isEnvironment: boolean;
  startsLine: boolean;
  isMinified: boolean;
  isTight: boolean;
  before: string;
}): Uint8Array {
  if (/[?&]$/.test(place.before)) return QUERY_STOPS;
  if (/;[ ]?$/.test(place.before)) return LIST_STOPS;
  if (place.isEnvironment) return STOPS;
  const isCode =
    place.isMinified || /[,{(.[!|:=>+*]$/.test(place.before) || DECLARES.test(place.before.slice(-LONGEST_DECLARATION));
  return place.isTight && isCode && !place.startsLine ? CODE_STOPS : STOPS;
}

/** A value that names no secret but looks like one. */
function findRandom(text: string, at: number, name: NameBefore): Span | undefined {
  RANDOM_START.lastIndex = at;
  if (!RANDOM_START.test(text)) return undefined;
  if (name.name.length < 4 || HARMLESS_NAME.test(name.name)) return undefined;
  const value = valueAfter(text, at);
  if (!value.isQuoted && text.charCodeAt(at) === COLON && !value.isSpaced) return undefined;
  if (value.isQuoted && (value.end - value.start < MIN_RANDOM || value.end - value.start > MAX_RANDOM + 2))
    return undefined;
  RANDOM.lastIndex = value.start;
  if (!RANDOM.test(text)) return undefined;
  const end = RANDOM.lastIndex;
  if (value.isQuoted ? end !== value.end : !/^(?:[\s,;"'\\]|$)/.test(text.slice(end, end + 1))) return undefined;
  const word = text.slice(value.start, end);
  if (word.length > MAX_RANDOM || /^(?:sha\d+-|\/|\.)/.test(word) || (word.match(/\//g)?.length ?? 0) > 4)
    return undefined;
  return looksRandom(word) ? { start: value.start, end, label: 'high-entropy' } : undefined;
}
