import { LISTED_TEXT_LENGTH } from './task-repository.js';

const ELLIPSIS = '…';

/** A prompt or result as a list shows it: whole, or cut to LISTED_TEXT_LENGTH with "…" at the end, never within a character. */
export function listedText(text: string): string {
  if (text.length <= LISTED_TEXT_LENGTH) return text;
  const room = LISTED_TEXT_LENGTH - ELLIPSIS.length;
  const last = text.charCodeAt(room - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? room - 1 : room) + ELLIPSIS;
}

/** False for a text that listedText has surely not cut; a text that happens to end like a cut one is "maybe". */
export function mayBeCut(listed: string): boolean {
  return listed.length >= LISTED_TEXT_LENGTH - 1 && listed.endsWith(ELLIPSIS);
}
