import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../src/interfaces/cli/input/time.js';

const NOW = new Date(2027, 0, 31, 12, 0, 0).getTime();

describe('a time', () => {
  it('of day is the next one that the local clock shows', () => {
    expect(parseTime('12:01', NOW)).toBe(new Date(2027, 0, 31, 12, 1).getTime());
    expect(parseTime('9:30', NOW)).toBe(new Date(2027, 1, 1, 9, 30).getTime());
    expect(parseTime('12:00', NOW)).toBe(new Date(2027, 1, 1, 12, 0).getTime());
  });

  it('without a zone is local', () => {
    expect(parseTime('2027-02-01T09:00', NOW)).toBe(new Date(2027, 1, 1, 9).getTime());
    expect(parseTime('2027-02-01', NOW)).toBe(new Date(2027, 1, 1).getTime());
    expect(parseTime('2027-02-01 09:00:05', NOW)).toBe(new Date(2027, 1, 1, 9, 0, 5).getTime());
  });

  it('with a zone is the moment that it names', () => {
    expect(parseTime('2027-02-01T09:00:00Z', NOW)).toBe(Date.UTC(2027, 1, 1, 9));
    expect(parseTime('2027-02-01T09:00:00.250+02:00', NOW)).toBe(Date.UTC(2027, 1, 1, 7, 0, 0, 250));
    expect(parseTime('2027-02-01T09:00-0130', NOW)).toBe(Date.UTC(2027, 1, 1, 10, 30));
  });

  it.each([
    '',
    'tomorrow',
    '24:00',
    '12:60',
    '1230',
    '2027-02-30',
    '2027-13-01',
    '2027-02-01T25:00',
    '1767225600000',
    '12:00 ',
  ])('"%s" is refused', (text) => {
    expect(() => parseTime(text, NOW)).toThrow(/^--at is ".*"; write an ISO time/);
  });

  it('that has passed is refused, but not one that passed while it was typed', () => {
    expect(() => parseTime('2026-01-31T12:00', NOW)).toThrow('--at is "2026-01-31T12:00", which is in the past.');
    expect(parseTime('2027-01-31T11:59:30', NOW)).toBe(NOW - 30_000);
  });
});
