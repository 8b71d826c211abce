import type { Clock } from '../ports/clock.js';

/**
 * For how long a model that was down is not called, in milliseconds: a backlog then costs its tries once a minute, not
 * for each stretch, and a model that comes back is used within a minute.
 */
export const MODEL_REST_MS = 60_000;

/** Leaves a model alone that was down or hung when it was last called. It keeps no timer: whoever would call asks. */
export interface ModelRest {
  /** Why the model was down, while it is left alone. */
  readonly reason: () => string | undefined;
  readonly begin: (reason: string) => void;
  /** The model is there again, or somebody wants it to be tried. */
  readonly end: () => void;
}

export function createModelRest({ clock }: { readonly clock: Clock }): ModelRest {
  let last: { readonly at: number; readonly reason: string } | undefined;
  return {
    reason: () => {
      if (last === undefined) return undefined;
      const since = clock() - last.at;
      // A clock that was set back would otherwise have the model left alone for as long.
      return since >= 0 && since < MODEL_REST_MS ? last.reason : undefined;
    },
    begin: (reason) => {
      last = { at: clock(), reason };
    },
    end: () => {
      last = undefined;
    },
  };
}
