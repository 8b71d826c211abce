import { describe, expect, it } from 'vitest';
import type { Application } from '../../../src/application/application.js';
import { createStartGate, type Passage } from '../../../src/interfaces/http/start-gate.js';
import { openApplication } from '../../support/application.js';
import { createManualTime } from '../../support/manual-time.js';

const NEVER = new AbortController().signal;
const PATIENCE = { maxWaiting: 2, waitMs: 10_000 };

function openGate() {
  const time = createManualTime();
  const closing = new AbortController();
  let open: (app: Application) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const app = new Promise<Application>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  const gate = createStartGate({ app, closing: closing.signal, timer: time.timer, patience: PATIENCE });
  return { gate, time, closing, open, fail };
}

const refusalOf = async (passage: Passage | Promise<Passage>) => {
  const passed = await passage;
  return 'refusal' in passed ? passed.refusal : undefined;
};

describe('the start gate', () => {
  it('lets through whoever waited, in order, and then everybody at once', async () => {
    await using opened = openApplication();
    const { gate, open, time } = openGate();
    const order: number[] = [];
    const waiting = [1, 2].map(async (n) => {
      const passage = await gate.pass(NEVER);
      order.push(n);
      return passage;
    });
    expect(gate.waiting()).toBe(2);
    open(opened.app);
    expect(await Promise.all(waiting)).toEqual([{ app: opened.app }, { app: opened.app }]);
    expect(order).toEqual([1, 2]);
    expect(gate.pass(NEVER)).toEqual({ app: opened.app });
    expect([gate.waiting(), time.pending()]).toEqual([0, 0]);
  });

  it('sends away whoever comes over the bound, until a place is free again', async () => {
    const { gate } = openGate();
    const leaving = new AbortController();
    const left = gate.pass(leaving.signal);
    void gate.pass(NEVER);
    expect(await refusalOf(gate.pass(NEVER))).toMatchObject({
      status: 503,
      reason: 'unavailable',
      message: 'The server is starting, and 2 requests wait for it already; try again in a moment.',
      headers: { 'Retry-After': '1' },
    });
    leaving.abort();
    expect(await refusalOf(left)).toMatchObject({ status: 503 });
    void gate.pass(NEVER);
    expect(gate.waiting()).toBe(2);
  });

  it('sends away whoever has waited too long', async () => {
    const { gate, time } = openGate();
    const waited = refusalOf(gate.pass(NEVER));
    time.advance(PATIENCE.waitMs - 1);
    expect(gate.waiting()).toBe(1);
    time.advance(1);
    expect(await waited).toMatchObject({
      status: 503,
      reason: 'unavailable',
      message: 'The server has not started after 10 s; try again in a moment.',
      headers: { 'Retry-After': '1' },
    });
  });

  it('answers those who wait when the server closes, or cannot start', async () => {
    const closed = openGate();
    const waited = refusalOf(closed.gate.pass(NEVER));
    closed.closing.abort();
    expect(await waited).toMatchObject({ status: 503 });
    expect(await refusalOf(closed.gate.pass(NEVER))).toMatchObject({ status: 503 });

    const failed = openGate();
    const hopeless = refusalOf(failed.gate.pass(NEVER));
    failed.fail(new Error('no'));
    expect(await hopeless).toMatchObject({ message: 'The server could not start; its log says why.' });
  });
});
