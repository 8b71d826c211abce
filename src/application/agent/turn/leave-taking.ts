/** Lets a server stop hearing a turn that goes on without it. */
export interface LeaveTaking {
  /** True once a turn is heard no more that has not ended. */
  readonly isLeft: boolean;
  /** Nothing more is to be heard of the turn. One whose end was told already is not left. */
  leave(): void;
  /** All that the turn tells, until its end or until it is left. Who stops earlier, or breaks, ends the turn. */
  hear<T>(turn: AsyncIterable<T>): AsyncGenerator<T>;
}

export function createLeaveTaking(): LeaveTaking {
  let isAsked = false;
  let isLeft = false;
  let wake = () => {};

  /** What the turn tells next; null once it is left. */
  function next<T>(updates: AsyncIterator<T>): Promise<IteratorResult<T> | null> {
    return new Promise((resolve, reject) => {
      wake = () => resolve(null);
      if (isAsked) wake();
      else updates.next().then(resolve, reject);
    });
  }

  return {
    get isLeft() {
      return isLeft;
    },
    leave() {
      isAsked = true;
      wake();
    },
    async *hear<T>(turn: AsyncIterable<T>): AsyncGenerator<T> {
      const updates = turn[Symbol.asyncIterator]();
      let isOver = false;
      try {
        for (;;) {
          const told = await next(updates);
          isLeft = told === null;
          isOver = told === null || told.done === true;
          if (told === null || told.done === true) return;
          yield told.value;
        }
      } finally {
        // A turn is ended by its return, so one that was left is not told that nobody reads it any more.
        if (!isOver) await updates.return?.();
      }
    },
  };
}
