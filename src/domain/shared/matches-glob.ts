/**
 * Whether a text is what the glob says, in which `*` stands for any run of characters. It compares piece by piece
 * between the stars, so that no pattern can make it slow.
 */
export function matchesGlob(text: string, glob: string): boolean {
  const pieces = glob.split('*');
  const first = pieces.shift() ?? '';
  const last = pieces.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
