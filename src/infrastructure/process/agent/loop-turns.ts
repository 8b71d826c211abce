/** Longest stretch of reading before everything else gets its turn, in milliseconds; all readers together. */
const SLICE_MS = 8;

/** Gives the event loop a turn when this one has been worked in for long enough. */
export type GiveWay = () => Promise<void> | undefined;

/** Makes what readers share, so that many of them hold the loop up no longer than one. */
export function createGiveWay(now: () => number = () => performance.now()): GiveWay {
  let sliceStart = 0;
  let turn: Promise<void> | undefined;
  return () => {
    if (now() - sliceStart < SLICE_MS) return undefined;
    turn ??= new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined;
        sliceStart = now();
        resolve();
      });
    });
    return turn;
  };
}
