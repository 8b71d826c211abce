import { describe, expect, it } from 'vitest';
import type { DomainError } from '../../../src/domain/shared/domain-error.js';
import { cron } from '../../../src/infrastructure/cron/croner-cron.js';

const BERLIN = 'Europe/Berlin';

function after(expression: string, moment: string, count: number, timeZone = BERLIN): string[] {
  const occurrences = cron.occurrences({ cron: expression, timeZone });
  const times: string[] = [];
  for (let at: number | null = Date.parse(moment); times.length < count && at !== null; ) {
    at = occurrences.after(at);
    if (at !== null) times.push(new Date(at).toISOString());
  }
  return times;
}

describe('a nightly 02:30 in Europe/Berlin', () => {
  it('runs at 03:00 in the night in which the clock goes from 02:00 to 03:00', () => {
    expect(after('30 2 * * *', '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('runs once, at the first 02:30, in the night that has it twice', () => {
    expect(after('30 2 * * *', '2026-10-23T12:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });
});

describe('every half an hour in Europe/Berlin', () => {
  it('runs every half an hour through both nights', () => {
    for (const night of ['2026-03-28T23:45:00Z', '2026-10-24T22:45:00Z']) {
      const times = after('*/30 * * * *', night, 10).map((time) => Date.parse(time));
      expect(times.map((time, n) => time - (times[0] ?? 0) - n * 1_800_000)).toEqual(times.map(() => 0));
    }
  });
});

describe('the times of a stretch', () => {
  it.each(['*/30 * * * *', '30 2 * * *', '0 2,3 * * *', '15 3 1 * 5'])(
    'of %s are those that follow one another',
    (expression) => {
      const [from, to] = [Date.parse('2026-03-27T00:00:00Z'), Date.parse('2026-04-01T12:00:00Z')];
      const occurrences = cron.occurrences({ cron: expression, timeZone: BERLIN });
      const all: number[] = [];
      for (let at = occurrences.after(from - 1); at !== null && at <= to; at = occurrences.after(at)) all.push(at);
      expect(occurrences.between(from, to, 10_000)).toEqual(all);
      expect(occurrences.between(from, to, 3)).toEqual(all.slice(-3));
      const [last = 0] = all.slice(-1);
      expect(occurrences.between(last, last, 5)).toEqual([last]);
    },
  );
});

describe('what a user writes', () => {
  const refusal = (expression: string, timeZone?: string) => {
    try {
      cron.read(expression, timeZone);
    } catch (error) {
      return (error as DomainError).message;
    }
    return undefined;
  };

  it('is read with its spaces put right, in the zone as its list writes it', () => {
    expect(cron.read('  0  3 * *   mon-fri ', 'europe/berlin')).toEqual({ cron: '0 3 * * mon-fri', timeZone: BERLIN });
    expect(cron.read('@daily', 'UTC').cron).toBe('@daily');
    expect(cron.read('@daily', undefined).timeZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it.each([
    ['nonsense', 'it does not have five fields'],
    ['', 'it does not have five fields'],
    ['* * * * * *', 'it does not have five fields'],
    ['2030-01-01T00:00:00', 'it does not have five fields'],
    ['61 * * * *', 'invalid value for minute: 61'],
    ['*/0 * * * *', 'illegal stepping: 0'],
    ['@reboot', 'a schedule knows no reboot'],
    ['@never', 'five'],
  ])('is refused in a sentence when it is %j', (expression, why) => {
    const message = refusal(expression, 'UTC');
    expect(message).toContain(`${JSON.stringify(expression)} is no cron expression: `);
    expect(message).toContain(why);
    expect(message).toContain('such as "30 3 * * 1-5", or @daily.');
  });

  it.each(['Nowhere/At_All', '+01:00', '', 'Europe/Berlin; DROP'])(
    'names a time zone that there is, not %j',
    (zone) => {
      expect(refusal('@daily', zone)).toBe(
        `There is no time zone ${JSON.stringify(zone)}; write its name, such as Europe/Berlin or UTC.`,
      );
    },
  );
});
