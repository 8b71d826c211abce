/** A look that comes so much later than it should, as a part of the time between two, was held up itself. */
const HELD_UP = 0.25;

export interface DeadLoopOptions {
  /** How long a loop may not turn, in milliseconds. */
  readonly deadMs: number;
  /** Time between two looks, in milliseconds. */
  readonly lookMs: number;
}

/**
 * Judges from looks at a loop whether it is dead: asked to show that it lives, it has not for `deadMs`. A look that comes
 * late was stopped together with the loop (SIGSTOP, a machine that slept or had no time for us), so it counts for
 * nothing, and the loop has the whole time again. `beats` grows when the loop turns, `now` is in milliseconds.
 */
export function createDeadLoopJudge({ deadMs, lookMs }: DeadLoopOptions): (beats: number, now: number) => boolean {
  let seen: { readonly beats: number; readonly at: number } | undefined;
  let looksInVain = 0;
  return (beats, now) => {
    const wasHeldUp = seen !== undefined && now - seen.at > lookMs * (1 + HELD_UP);
    looksInVain = beats !== seen?.beats || wasHeldUp ? 0 : looksInVain + 1;
    seen = { beats, at: now };
    return looksInVain * lookMs >= deadMs;
  };
}
