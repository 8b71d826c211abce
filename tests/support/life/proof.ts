/** What a proof found: figures to print beside their goals, and whatever broke its claim. */
export interface Proof {
  /** Milliseconds, unless the name says otherwise. */
  readonly figures: Readonly<Record<string, number>>;
  /** A sentence for each thing that must not be; empty when the claim holds. */
  readonly wrong: readonly string[];
}

/** The value that this share of the values does not exceed; NaN of none. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** How long each of many took: median, p99 and the longest, in whole milliseconds. */
export function spread(name: string, values: readonly number[]): Record<string, number> {
  return {
    [`${name}P50`]: Math.round(percentile(values, 0.5)),
    [`${name}P99`]: Math.round(percentile(values, 0.99)),
    [`${name}Most`]: Math.round(Math.max(...values)),
  };
}

/** Runs it and says how long it took, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begin = performance.now();
  const value = await work();
  return { value, ms: performance.now() - begin };
}
