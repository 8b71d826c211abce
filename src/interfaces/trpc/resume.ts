import { type TrackedEnvelope, tracked } from '@trpc/server';
import { z } from 'zod';
import { OutputCursor } from '../../application/task/watch-output.js';
import { Position } from '../../domain/event/event.js';
import type { Context } from './init.js';

/** The id of the last item that a client got of a stream of events: it goes on after it. */
export const FromPosition = {
  lastEventId: z
    .string()
    .regex(/^\d{1,16}$/, 'It must be the position of an event.')
    .transform(Number)
    .pipe(Position)
    .optional(),
};

/** The id of the last piece that a client got of a task's output: `epoch:offset` of the one to come. */
export const FromOutput = {
  lastEventId: z
    .string()
    .regex(/^\d{1,16}:\d{1,16}$/, 'It must be epoch:offset of a piece of output.')
    .transform((id) => ({ epoch: Number(id.split(':')[0]), offset: Number(id.split(':')[1]) }))
    .pipe(OutputCursor)
    .optional(),
};

/** Ids of the items of a stream of events, and of the pieces of an output. */
export const positionOf = ({ position }: { position: Position }) => String(position);
export const nextOf = ({ next }: { next: OutputCursor }) => `${next.epoch}:${next.offset}`;

/**
 * Gives every item of a stream the id from which it resumes. The stream is followed until the client leaves, or until
 * the server closes: then it breaks off, because a stream that ends in order is over for good in the client's eyes.
 */
export async function* resumable<Item>(
  { closing }: Pick<Context, 'closing'>,
  left: AbortSignal | undefined,
  idOf: (item: Item) => string,
  follow: (until: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<TrackedEnvelope<Item>, void> {
  // By hand: AbortSignal.any keeps what it made for as long as the long-lived signal lives (Node 20).
  const until = new AbortController();
  const cut = () => {
    until.abort(new CutOff());
  };
  const signals = [closing, ...(left === undefined ? [] : [left])];
  for (const signal of signals) signal.addEventListener('abort', cut, { once: true });
  try {
    if (signals.some(({ aborted }) => aborted)) cut();
    for await (const item of follow(until.signal)) yield tracked(idOf(item), item);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', cut);
  }
}

/** Why a stream ends that its client shall come back for. tRPC's own adapters know it by its name. */
export class CutOff extends Error {
  override readonly name = 'AbortError';
  constructor() {
    super('The stream was cut off.');
  }
}
