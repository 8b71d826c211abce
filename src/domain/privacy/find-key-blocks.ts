import type { Span } from './span.js';

const NEEDLE = 'PRIVATE KEY';
/** `-----BEGIN RSA PRIVATE KEY-----`, `-----END PGP PRIVATE KEY BLOCK-----`; tried at the words before the needle. */
const BEGIN = /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}$/;
const END = /^-----END (?:[A-Z0-9]{1,20} ){0,3}$/;
/** What may stand between the dashes' words and the needle is shorter than this. */
const LOOK_BACK = 80;
/** The rest of a marker line after the needle. */
const MARKER_REST = /(?: BLOCK)?(?:-{1,5})?/y;
/**
 * What a key that was cut off can go on with: lines of base64, header lines (`DEK-Info: …`), line numbers of a listing;
 * line ends also as JSON writes them. Each alternative begins with another character or ends a line, so this is linear.
 */
const BODY =
  /(?:\\r|\\n|[\r\n]|[ \t]{0,16}\d{1,7}[\t:|→]|[A-Za-z-]{2,20}: [^\r\n\\"]{0,200}|[ \t]{0,16}[A-Za-z0-9+/=]{8,}|[A-Za-z0-9+/=]{1,7}(?=[\r\n\\"']|$))*/y;

/** Finds private keys in PEM and OpenPGP armour, also those whose beginning or end was cut off. */
export function findKeyBlocks(text: string): readonly Span[] {
  const spans: Span[] = [];
  let start = -1;
  let after = 0;
  for (let at = text.indexOf(NEEDLE); at !== -1; at = text.indexOf(NEEDLE, at + NEEDLE.length)) {
    const near = text.slice(Math.max(after, at - LOOK_BACK), at);
    const dashes = near.lastIndexOf('-----');
    if (dashes === -1) continue;
    const before = near.slice(dashes);
    MARKER_REST.lastIndex = at + NEEDLE.length;
    MARKER_REST.test(text);
    const end = MARKER_REST.lastIndex;
    if (BEGIN.test(before)) {
      if (start !== -1) spans.push(cutOff(text, start, after));
      start = at - before.length;
      after = end;
    } else if (END.test(before)) {
      spans.push({
        start: start === -1 ? startOfBody(text, at - before.length, after) : start,
        end,
        label: 'private-key',
      });
      start = -1;
      after = end;
    }
  }
  if (start !== -1) spans.push(cutOff(text, start, after));
  return spans;
}

function cutOff(text: string, start: number, body: number): Span {
  BODY.lastIndex = body;
  BODY.test(text);
  return { start, end: Math.max(body, BODY.lastIndex), label: 'private-key' };
}

/** Where the lines of base64 before an END without BEGIN start; never before `floor`. */
function startOfBody(text: string, end: number, floor: number): number {
  let start = end;
  while (start > floor && /[A-Za-z0-9+/=\r\n\\-]/.test(text.charAt(start - 1))) start -= 1;
  return start;
}
