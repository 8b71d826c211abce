/** Lets a bounded number in at once, in the order in which they came. */
export interface Turnstile {
  /** Resolves with a place, which is given back by disposing of it; rejects when the turnstile is closed. */
  readonly enter: () => Promise<Disposable>;
  /** Lets nobody in any more. */
  readonly close: (reason: Error) => void;
}

export function createTurnstile(places: number): Turnstile {
  const waiting: { readonly enter: () => void; readonly reject: (reason: Error) => void }[] = [];
  let free = places;
  let closed: Error | undefined;

  function leave(): void {
    free += 1;
    waiting.shift()?.enter();
  }

  return {
    enter: () =>
      new Promise((resolve, reject) => {
        const enter = () => {
          free -= 1;
          resolve({ [Symbol.dispose]: leave });
        };
        if (closed !== undefined) reject(closed);
        else if (free > 0) enter();
        else waiting.push({ enter, reject });
      }),
    close(reason) {
      closed = reason;
      for (const { reject } of waiting.splice(0)) reject(reason);
    },
  };
}
