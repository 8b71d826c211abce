import type { Application } from '../../application/application.js';
import type { Timer } from '../../application/ports/timer.js';
import type { Refusal } from './refusal.js';

/** Bounds on requests that come while the server starts. */
export interface StartPatience {
  /** Most requests that wait; their bodies are not read meanwhile, so each costs little more than its socket. */
  readonly maxWaiting: number;
  /** How long one waits, in milliseconds: a start takes half a second, one after an upgrade some more. */
  readonly waitMs: number;
}

const PATIENCE: StartPatience = { maxWaiting: 256, waitMs: 10_000 };

const STOPPING = refuse('The server is about to stop; try again in a moment.');

export interface StartGateOptions {
  /** A server that is still starting gives a promise. If that rejects, nobody will ever be let through. */
  readonly app: Application | Promise<Application>;
  /** Aborted when the server closes, perhaps without ever having been ready. */
  readonly closing: AbortSignal;
  readonly timer: Timer;
  readonly patience?: StartPatience | undefined;
}

/** What a request finds at the gate: the application, or why it is sent away. */
export type Passage = { readonly app: Application } | { readonly refusal: Refusal };

/** Lets requests through to the application; while that is not there yet, so many of them wait, so long. */
export interface StartGate {
  /** How it is decided already, without waiting. */
  decided(): Passage | undefined;
  /** `left` is aborted when the client leaves; its place is free then. */
  pass(left: AbortSignal): Passage | Promise<Passage>;
  waiting(): number;
}

/** Opens by itself when the application is there. */
export function createStartGate({ app, closing, timer, patience = PATIENCE }: StartGateOptions): StartGate {
  const { maxWaiting, waitMs } = patience;
  const queue = new Set<(passage: Passage) => void>();
  let open: Passage | undefined;

  function letThrough(passage: Passage): void {
    open = passage;
    for (const answer of queue) answer(passage);
  }

  if (app instanceof Promise) {
    app.then(
      (ready) => letThrough({ app: ready }),
      () => letThrough(refuse('The server could not start; its log says why.')),
    );
    closing.addEventListener('abort', () => {
      for (const answer of queue) answer(STOPPING);
    });
  } else open = { app };

  function wait(left: AbortSignal): Promise<Passage> {
    return new Promise((resolve) => {
      const answer = (passage: Passage) => {
        callOff();
        queue.delete(answer);
        left.removeEventListener('abort', leave);
        resolve(passage);
      };
      const leave = () => answer(refuse('The client has left.'));
      const callOff = timer(waitMs, () => {
        answer(refuse(`The server has not started after ${waitMs / 1_000} s; try again in a moment.`));
      });
      left.addEventListener('abort', leave);
      queue.add(answer);
    });
  }

  return {
    waiting: () => queue.size,
    decided: () => open,
    pass(left) {
      if (open !== undefined) return open;
      if (closing.aborted) return STOPPING;
      if (queue.size < maxWaiting) return wait(left);
      return refuse(`The server is starting, and ${maxWaiting} requests wait for it already; try again in a moment.`);
    },
  };
}

function refuse(message: string): { readonly refusal: Refusal } {
  return { refusal: { status: 503, reason: 'unavailable', message, headers: { 'Retry-After': '1' } } };
}
