import { expect, it } from 'vitest';
import { checkConfig } from '../../../src/config.js';

it('of retention have defaults, are whole numbers or "forever", and never 0', () => {
  expect(checkConfig({}, 'config.json').retention).toEqual({
    eventsDays: 30,
    finishedTasksDays: 90,
    toolUseTextDays: 30,
    runOutputMb: 2_048,
  });
  expect(checkConfig({ retention: { runOutputMb: 'forever' } }, 'config.json').retention.runOutputMb).toBe('forever');
  for (const wrong of [0, -1, 1.5, 'never', null]) {
    expect(() => checkConfig({ retention: { eventsDays: wrong } }, 'config.json')).toThrow(
      'In config.json, retention.eventsDays: it must be a whole number from 1 on, or "forever" to keep everything.',
    );
  }
});
