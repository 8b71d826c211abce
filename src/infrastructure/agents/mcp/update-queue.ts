import type { AgentUpdate } from '../../../application/ports/agent-update.js';

/** Updates that wait for their reader, at most, before the server's output is read on: a few hundred kilobytes. */
const MAX_WAITING = 256;

/** What a server tells in its own time, for a reader who takes it in his. */
export interface UpdateQueue {
  add(update: AgentUpdate): void;
  /** Resolves when few enough wait. */
  room(): Promise<void>;
  /** Everything from here on, until the queue is closed and all of it is taken. */
  take(): AsyncGenerator<AgentUpdate>;
  /** Nothing more comes, and room is made for what nobody takes. */
  close(): void;
}

export function createUpdateQueue(): UpdateQueue {
  const waiting: AgentUpdate[] = [];
  let isClosed = false;
  let wakeReader = (): void => undefined;
  let wakeWriter = (): void => undefined;

  return {
    add(update) {
      if (isClosed) return;
      waiting.push(update);
      wakeReader();
    },
    async room() {
      while (!isClosed && waiting.length >= MAX_WAITING) {
        await new Promise<void>((resolve) => {
          wakeWriter = resolve;
        });
      }
    },
    async *take() {
      for (;;) {
        const update = waiting.shift();
        if (update !== undefined) {
          wakeWriter();
          yield update;
        } else if (isClosed) return;
        else
          await new Promise<void>((resolve) => {
            wakeReader = resolve;
          });
      }
    },
    close() {
      isClosed = true;
      wakeReader();
      wakeWriter();
    },
  };
}
