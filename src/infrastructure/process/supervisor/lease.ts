/** Counts the servers that are connected; when the last one has been gone for `leaseMs`, it calls back, once. */
export interface Lease {
  /** A server is there. The function that comes back says that it is gone. */
  hold(): () => void;
  /** Whether a server is connected. */
  isHeld(): boolean;
}

export function createLease(leaseMs: number, onLost: () => void): Lease {
  let held = 0;
  let running: NodeJS.Timeout | undefined;
  return {
    hold() {
      held += 1;
      clearTimeout(running);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held -= 1;
        if (held === 0) running = setTimeout(onLost, leaseMs);
      };
    },
    isHeld: () => held > 0,
  };
}
