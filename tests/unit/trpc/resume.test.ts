import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { CutOff, positionOf, resumable } from '../../../src/interfaces/trpc/resume.js';

/** Gives positions until it is told to stop, as use cases do. */
async function* follow(until: AbortSignal) {
  for (let position = 1; ; position += 1) {
    until.throwIfAborted();
    yield { position };
  }
}

test.each(['closing', 'left'])('a stream is cut off when the signal %s is aborted', async (which) => {
  const signals = { closing: new AbortController(), left: new AbortController() };
  const stream = resumable({ closing: signals.closing.signal }, signals.left.signal, positionOf, follow);
  expect((await stream.next()).value).toEqual(['1', { position: 1 }, expect.anything()]);
  signals[which as 'closing' | 'left'].abort();
  await expect(stream.next()).rejects.toThrow(CutOff);
});

test('a stream that begins after the end is cut off at once', async () => {
  const closing = AbortSignal.abort();
  await expect(resumable({ closing }, undefined, positionOf, follow).next()).rejects.toThrow(CutOff);
});

test('streams leave nothing at the signal that outlives them', async () => {
  const closing = new AbortController();
  for (let round = 0; round < 200; round += 1) {
    const stream = resumable({ closing: closing.signal }, new AbortController().signal, positionOf, follow);
    await stream.next();
    await stream.return();
  }
  expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
});
