/** A version as Semantic Versioning 2.0.0 writes it; what stands after `+` does not count. */
export const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z.-]+)?$/;

/**
 * Negative if `left` is older, positive if it is newer, 0 if they are equal or one is no version. By hand and not by
 * the package `semver`: this is all of it that is needed, and every short command would load the rest.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [VERSION.exec(left), VERSION.exec(right)];
  if (a === null || b === null) return 0;
  for (const part of [1, 2, 3]) {
    const difference = Number(a[part]) - Number(b[part]);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(a[4], b[4]);
}

/** A release comes after its pre-releases; of two, the first field that differs decides, else the shorter is older. */
function comparePreReleases(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  const [a, b] = [left.split('.'), right.split('.')];
  for (const [index, field] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference = compareFields(field, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Numbers by size and before words, words by ASCII. */
function compareFields(left: string, right: string): number {
  const [a, b] = [left, right].map((field) => (/^\d+$/.test(field) ? Number(field) : Number.NaN)) as [number, number];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  if (!Number.isNaN(a) || !Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return left === right ? 0 : left < right ? -1 : 1;
}
