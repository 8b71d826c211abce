import { describe, expect, it } from 'vitest';
import { formatSize } from '../../../src/interfaces/cli/output/sizes.js';
import { formatDuration, formatMoment } from '../../../src/interfaces/cli/output/times.js';

describe('a length of time in words', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [999, '999 ms'],
    [1_200, '1.2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_400, '59 s'],
    [59_500, '1 m'],
    [200_000, '3 m 20 s'],
    [3_599_400, '59 m 59 s'],
    [3_599_500, '1 h'],
    [7_500_000, '2 h 5 m'],
    [86_399_999, '1 d'],
    [349_200_000, '4 d 1 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('a moment as seen from now', () => {
  it.each([
    [0, 'just now'],
    [-999, 'just now'],
    [1_000, 'just now'],
    [-1_000, '1 second ago'],
    [-59_999, '59 seconds ago'],
    [-180_000, '3 minutes ago'],
    [-3_600_000, '1 hour ago'],
    [-172_800_000, '2 days ago'],
    [600_000, 'in 10 m'],
  ])('%i ms away is %s', (away, text) => {
    expect(formatMoment(1_000_000_000_000 + away, 1_000_000_000_000)).toBe(text);
  });
});

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [1_500_000, '1.5 MB'],
    [99_960_000, '100 MB'],
    [999_600, '1.0 MB'],
    [2e15, '2000 TB'],
  ])('of %i bytes is %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});
