/** A queue between one writer, who waits for room, and one reader. */
export interface Mailbox<T> {
  /** Resolves when there is room for the next one. What comes after the close is dropped. */
  put(item: T): Promise<void>;
  take(): Promise<T>;
  /** Nobody reads any more. */
  close(): void;
}

export function createMailbox<T>(capacity: number): Mailbox<T> {
  const items: T[] = [];
  let reader: ((item: T) => void) | null = null;
  let writer: (() => void) | null = null;
  let closed = false;

  return {
    async put(item) {
      if (closed) return;
      if (reader !== null) {
        const hand = reader;
        reader = null;
        hand(item);
        return;
      }
      items.push(item);
      if (items.length < capacity) return;
      await new Promise<void>((free) => {
        writer = free;
      });
    },
    take() {
      const [item] = items;
      if (items.length === 0) {
        return new Promise((hand) => {
          reader = hand;
        });
      }
      items.shift();
      if (items.length < capacity) {
        writer?.();
        writer = null;
      }
      return Promise.resolve(item as T);
    },
    close() {
      closed = true;
      items.length = 0;
      writer?.();
      writer = null;
    },
  };
}
