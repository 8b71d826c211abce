/** The middle one of several runs. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that this share of all values is not over. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A number as a person reads it: with commas, and decimals only where it is small. */
export function plain(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** One figure on a line: what it is of, its value, and beside it what it is held against. */
export function say(what: string, value: string, beside = ''): void {
  console.log(`${what.padEnd(58)} ${value.padStart(10)}${beside === '' ? '' : `   ${beside}`}`);
}

/** How often a second something happened that took so long. */
export function perSecond(count: number, startedAt: number): number {
  return count / ((performance.now() - startedAt) / 1_000);
}
