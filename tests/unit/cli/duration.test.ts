import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/exit-codes.js';
import { CliError } from '../../../src/interfaces/cli/cli-error.js';
import { parseDuration } from '../../../src/interfaces/cli/input/duration.js';

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text, '--delay')).toBe(ms);
  });

  it.each(['', '10', 'm', '-10m', '10 m', '10x', '1h1h', '10m!', '1e3s', 'ten minutes', '9'.repeat(15) + 'd', '.5s'])(
    '"%s" is refused as wrong usage',
    (text) => {
      expect(() => parseDuration(text, '--delay')).toThrow(
        expect.objectContaining({ constructor: CliError, exitCode: EXIT.usage }),
      );
      expect(() => parseDuration(text, '--delay')).toThrow(/^--delay is ".*"; write a duration such as/);
    },
  );

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), (hours, minutes, seconds) => {
        const text = `${hours}h${minutes}m${seconds}s`;
        expect(parseDuration(text, '--delay')).toBe(hours * 3_600_000 + minutes * 60_000 + seconds * 1_000);
      }),
    );
  });
});
