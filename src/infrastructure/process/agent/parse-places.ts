/** Lets so many pieces of work run at once; the others wait, first come, first served. */
export function createPlaces(places: number): { run<T>(work: () => Promise<T>): Promise<T> } {
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The place goes over to the next in line, and is never free in between.
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
