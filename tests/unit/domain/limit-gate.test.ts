import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginProbe,
  closeGate,
  FIRST_PAUSE_MS,
  isClosed,
  LONGEST_PAUSE_MS,
  MAX_GATE_MS,
  MIN_GATE_MS,
  reopenGate,
  settleGate,
  TRIAL_MS,
} from '../../../src/domain/limit/limit-gate-transitions.js';
import { claimed, NOW, pendingTask } from '../../support/storage-samples.js';

const DAY_MS = 24 * 3_600_000;
const met = (resetsAt: number | null) => ({ account: 'claude', kind: 'usage', reason: 'Used up.', resetsAt }) as const;
const closedFor = (ms: number | null) => closeGate(undefined, met(ms === null ? null : NOW + ms), NOW).state;

describe('the gate of an account', () => {
  it('is closed until the reset that the agent told', () => {
    const { state, events } = closeGate(undefined, met(NOW + 5_000), NOW);
    expect(state).toMatchObject({ account: 'claude', since: NOW, closedUntil: NOW + 5_000, strikes: 0, probe: null });
    expect(events).toEqual([
      {
        type: 'account.limited',
        at: NOW,
        data: { account: 'claude', kind: 'usage', until: NOW + 5_000, reason: 'Used up.' },
      },
    ]);
    expect(isClosed(state, NOW + 4_999)).toBe(true);
    expect(isClosed(state, NOW + 5_000)).toBe(false);
  });

  it('is never closed for longer than its bounds, whatever is told', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 50 }), (ahead, strikes) => {
        const gate = { ...closedFor(1_000), strikes };
        const { state } = closeGate(gate, met(NOW + 2_000 + ahead), NOW + 2_000);
        const lasts = state.closedUntil - (NOW + 2_000);
        expect(lasts).toBeGreaterThanOrEqual(MIN_GATE_MS);
        expect(lasts).toBeLessThanOrEqual(MAX_GATE_MS);
      }),
    );
  });

  it('pauses for twice as long at each next limit of which nobody tells the reset, up to a cap', () => {
    let gate = closedFor(null);
    const pauses = [gate.closedUntil - NOW];
    for (let n = 0; n < 8; n += 1) {
      const at = gate.closedUntil;
      gate = closeGate(gate, met(null), at).state;
      pauses.push(gate.closedUntil - at);
    }
    expect(pauses.slice(0, 4)).toEqual([1, 2, 4, 8].map((n) => n * FIRST_PAUSE_MS));
    expect(pauses.at(-1)).toBe(LONGEST_PAUSE_MS);
    expect(gate.since).toBe(NOW);
  });

  it('takes a reset that is over already for none', () => {
    expect(closeGate(undefined, met(NOW - 1), NOW).state.closedUntil).toBe(NOW + FIRST_PAUSE_MS);
  });

  it('is closed once for all that meet the limit while it is, and for longer only when one is told so', () => {
    const gate = closedFor(60_000);
    expect(closeGate(gate, met(null), NOW + 10)).toEqual({ state: gate, events: [] });
    expect(closeGate(gate, met(NOW + 30_000), NOW + 10)).toEqual({ state: gate, events: [] });
    const longer = closeGate(gate, met(NOW + 90_000), NOW + 10);
    expect(longer).toMatchObject({ state: { closedUntil: NOW + 90_000 }, events: [{ type: 'account.limited' }] });
  });

  it('is tried by one task when its time is over, and opens when that gets through', () => {
    const gate = closedFor(1_000);
    const after = NOW + 1_000;
    expect(settleGate(gate, null, after)).toEqual({ state: gate, events: [] });
    const probed = beginProbe(gate, claimed(pendingTask(1)));
    expect(settleGate(probed, 'running', after + DAY_MS)).toEqual({ state: probed, events: [] });
    expect(settleGate(probed, 'over', after)).toEqual({ state: gate, events: [] });
    expect(settleGate(probed, 'completed', after)).toEqual(reopenGate(gate, 'task', after));
    expect(settleGate(gate, null, after + TRIAL_MS)).toEqual(reopenGate(gate, 'time', after + TRIAL_MS));
  });

  it('is closed for no longer than it was to be when the clock is put back, and opens when it is put forward', () => {
    const gate = closedFor(60_000);
    const back = settleGate(gate, null, NOW - DAY_MS).state;
    expect(back).toMatchObject({ closedAt: NOW - DAY_MS, closedUntil: NOW - DAY_MS + 60_000 });
    expect(settleGate(gate, null, NOW + DAY_MS).state).toBeNull();
  });
});
