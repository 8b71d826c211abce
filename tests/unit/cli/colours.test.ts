import { describe, expect, it } from 'vitest';
import { wantsColours } from '../../../src/interfaces/cli/output/colours.js';

describe('colours', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ CI: 'true' }, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('with %o and a terminal: %s, are shown: %s', (variables, isTerminal, shown) => {
    expect(wantsColours({ variables, isTerminal })).toBe(shown);
  });
});
