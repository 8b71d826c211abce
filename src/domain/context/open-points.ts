/** How a summary begins the part that tells what is left to do, and how the next part may begin. */
const OPEN =
  /^[ \t]*(?:[-*#]+[ \t]*)?(?:left[ \t]+open|still[ \t]+open|open|next[ \t]+steps?|to[ \t]+do)[ \t]*[:：-][ \t]*/imu;
const NEXT_PART = /^[ \t]*(?:[-*#]+[ \t]*)?(?:asked|found|done|learned|investigated|completed|notes?)[ \t]*[:：-]/imu;
const NOTHING = /^(?:nothing|none|no|-|–)?[.\s]*$/iu;

/** What a summary says is left to do; null when that is nothing. */
export function openPoints(summary: string): string | null {
  const start = OPEN.exec(summary);
  if (start === null) return null;
  const rest = summary.slice(start.index + start[0].length);
  const end = NEXT_PART.exec(rest);
  const points = (end === null ? rest : rest.slice(0, end.index)).trim();
  return NOTHING.test(points) ? null : points;
}
