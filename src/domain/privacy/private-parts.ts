/** What is left of a text when its private parts are gone. `isPrivate`: nothing else was in it. */
export interface PublicText {
  readonly text: string;
  readonly isPrivate: boolean;
}

/** `<private`, `</private`, and the same as JSON may write them: `\u003cprivate`, `<\/private`. */
const TAG = /(?:<|\\u003c)[ \t]{0,8}(\\?\/)?private(?![\w:.-])/gi;
/** The rest of a closing tag. One that does not end is none, so that what follows stays private. */
const CLOSING_END = /[ \t\r\n]{0,64}(?:>|\\{1,64}u003e)/iy;
const BACKSLASH = 0x5c;
/** Taking a part out can join what stood around it to a new tag. Honest text needs one pass; past this, the rest goes. */
const MAX_PASSES = 3;

/**
 * Removes `<private>…</private>`: nested, in any case, with attributes, over lines. What is not closed is private to the
 * end. A closing tag without an opening one is removed alone. Applying it twice changes nothing.
 */
export function stripPrivate(text: string): PublicText {
  let left = text;
  for (let pass = 1; ; pass += 1) {
    const next = removeParts(left);
    if (next === left) break;
    left = next;
    if (pass < MAX_PASSES) continue;
    TAG.lastIndex = 0;
    left = left.slice(0, TAG.exec(left)?.index);
    break;
  }
  return { text: left, isPrivate: left.length < text.length && left.trim() === '' };
}

function removeParts(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let depth = 0;
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(text); tag !== null; tag = TAG.exec(text)) {
    if (tag[1] === undefined) {
      if (depth === 0) kept.push(text.slice(from, startOf(text, tag.index, from)));
      depth += 1;
      continue;
    }
    CLOSING_END.lastIndex = TAG.lastIndex;
    if (!CLOSING_END.test(text)) continue;
    if (depth === 0) kept.push(text.slice(from, startOf(text, tag.index, from)));
    else depth -= 1;
    if (depth === 0) from = CLOSING_END.lastIndex;
  }
  if (kept.length === 0) return text;
  if (depth === 0) kept.push(text.slice(from));
  return kept.join('');
}

/** JSON within JSON writes `\\u003c`: the further backslashes belong to the tag. */
function startOf(text: string, tag: number, from: number): number {
  let start = tag;
  if (text.charCodeAt(tag) !== BACKSLASH) return start;
  while (start > from && text.charCodeAt(start - 1) === BACKSLASH) start -= 1;
  return start;
}
