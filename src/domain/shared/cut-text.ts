const ELLIPSIS = '…';

/** The text whole, or cut to at most `length` UTF-16 code units with "…" at the end, never within a character. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = length - ELLIPSIS.length;
  const last = text.charCodeAt(room - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? room - 1 : room) + ELLIPSIS;
}

/** False for a text that cutText has surely not cut to this length; one that happens to end like a cut one is "maybe". */
export function mayBeCutTo(text: string, length: number): boolean {
  return text.length >= length - 1 && text.endsWith(ELLIPSIS);
}
