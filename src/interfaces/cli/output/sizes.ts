const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in bytes with one digit after the point at most: `512 B`, `1.5 MB`. Units of 1,000. */
export function formatSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit] ?? 'TB'}`;
}
