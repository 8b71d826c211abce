import { describe, expect, it } from 'vitest';
import {
  Bounds,
  changeBounds,
  isUnlimited,
  QueuePart,
  rateOpensAt,
  setPartPaused,
  unlimited,
} from '../../../src/domain/queue-limit/queue-limit.js';

const NOW = 1_800_000_000_000;
const GROUP = { kind: 'group', name: 'deploy' } as const;
const RATE = { count: 3, periodMs: 60_000 };

describe('a limit of the queue', () => {
  it('changes only the bounds that are given, and says what they are now', () => {
    const { state, events } = changeBounds(unlimited(GROUP), { max: 2, rate: RATE }, NOW);
    expect(state).toEqual({ ...GROUP, paused: false, max: 2, rate: RATE, exclusive: false });
    expect(events).toEqual([
      { type: 'queue.limited', at: NOW, data: { group: 'deploy', max: 2, rate: RATE, exclusive: false } },
    ]);
    const alone = changeBounds(state, { max: null, exclusive: true }, NOW).state;
    expect(alone).toEqual({ ...GROUP, paused: false, max: null, rate: RATE, exclusive: true });
    expect(changeBounds(alone, { rate: { ...RATE }, exclusive: true }, NOW)).toEqual({ state: alone, events: [] });
  });

  it('keeps a pause when its bounds are taken away, and is nothing without both', () => {
    const paused = setPartPaused(unlimited({ kind: 'agent', name: 'claude' }), true, NOW);
    expect(paused.events).toEqual([{ type: 'queue.paused', at: NOW, data: { agent: 'claude' } }]);
    const bounded = changeBounds(paused.state, { max: 1 }, NOW).state;
    const cleared = changeBounds(bounded, null, NOW).state;
    expect(cleared).toEqual(paused.state);
    expect(isUnlimited(cleared)).toBe(false);
    expect(setPartPaused(cleared, true, NOW).events).toEqual([]);
    const resumed = setPartPaused(cleared, false, NOW);
    expect(resumed.events).toMatchObject([{ type: 'queue.resumed' }]);
    expect(isUnlimited(resumed.state)).toBe(true);
    for (const bound of [{ max: 1 }, { rate: RATE }, { exclusive: true }]) {
      expect(isUnlimited(changeBounds(unlimited(GROUP), bound, NOW).state)).toBe(false);
    }
  });

  it('opens a rate when the oldest start that it counts leaves the window', () => {
    expect(rateOpensAt(RATE, null, NOW)).toBeNull();
    expect(rateOpensAt(RATE, NOW - 59_999, NOW)).toBe(NOW + 1);
    expect(rateOpensAt(RATE, NOW - 60_000, NOW)).toBeNull();
  });

  it.each([
    { max: 0 },
    { max: 1.5 },
    { max: 1e12 },
    { rate: { count: 0, periodMs: 1 } },
    { rate: { count: 1, periodMs: 1e12 } },
  ])('refuses %j in a sentence', (bound) => {
    const { error } = Bounds.partial().safeParse(bound);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ must be a whole number from 1 to \d+\.$/),
    ]);
  });

  it('is of a part that has a name of its kind', () => {
    expect(QueuePart.safeParse({ kind: 'workspace', name: 'deploy' }).success).toBe(false);
    expect(QueuePart.safeParse({ kind: 'group', name: '' }).success).toBe(false);
  });
});
