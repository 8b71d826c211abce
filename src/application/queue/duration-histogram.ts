/** Durations up to this many milliseconds are counted each for itself. */
const EXACT = 16;
/** Above, every doubling is cut into this many equal parts: what is read back is off by at most a sixteenth. */
const PARTS = 8;
/** Doublings above EXACT: up to 2^32 ms, seven weeks; what is longer counts as that long. */
const DOUBLINGS = 28;
const LONGEST = 2 ** 32 - 1;
const CELLS = EXACT + DOUBLINGS * PARTS;

/** How often something took how long: a fixed 960 bytes, however many durations are counted. */
export type DurationHistogram = Uint32Array;

export function emptyHistogram(): DurationHistogram {
  return new Uint32Array(CELLS);
}

/** Counts a duration, in milliseconds. */
export function count(histogram: DurationHistogram, ms: number): void {
  const cell = cellOf(Math.min(Math.max(0, Math.round(ms)), LONGEST));
  histogram[cell] = (histogram[cell] ?? 0) + 1;
}

/** Adds what another one has counted. */
export function addTo(histogram: DurationHistogram, other: DurationHistogram): void {
  for (let cell = 0; cell < CELLS; cell += 1) histogram[cell] = (histogram[cell] ?? 0) + (other[cell] ?? 0);
}

/** The durations, in milliseconds, that these shares of all are not over; null where nothing was counted. */
export function quantiles(histogram: DurationHistogram, shares: readonly number[]): number[] | null {
  const total = histogram.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  return shares.map((share) => {
    const wanted = Math.max(1, Math.ceil(share * total));
    let [cell, seen] = [0, histogram[0] ?? 0];
    while (seen < wanted) {
      cell += 1;
      seen += histogram[cell] ?? 0;
    }
    return middleOf(cell);
  });
}

function cellOf(ms: number): number {
  if (ms < EXACT) return ms;
  const doubling = 31 - Math.clz32(ms) - Math.log2(EXACT);
  return EXACT + doubling * PARTS + (Math.floor(ms / 2 ** (doubling + 1)) - PARTS);
}

/** The middle of what a cell stands for. */
function middleOf(cell: number): number {
  if (cell < EXACT) return cell;
  const doubling = Math.floor((cell - EXACT) / PARTS);
  const width = 2 ** (doubling + 1);
  return (PARTS + ((cell - EXACT) % PARTS)) * width + width / 2;
}
