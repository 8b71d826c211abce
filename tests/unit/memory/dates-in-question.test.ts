import { expect, it } from 'vitest';
import { datesIn } from '../../../src/domain/memory/dates-in-question.js';

const NOW = Date.UTC(2026, 2, 10, 15);
const day = (year: number, month: number, date: number) => ({
  from: Date.UTC(year, month - 1, date),
  to: Date.UTC(year, month - 1, date + 1),
});

it.each([
  ['what broke on 2025-12-24?', [day(2025, 12, 24)]],
  ['the talk of 3rd of May 2025', [day(2025, 5, 3)]],
  ['May 3, 2025: what was said', [day(2025, 5, 3)]],
  ['on 9 March', [day(2026, 3, 9)]],
  ['on 9 April', [day(2025, 4, 9)]],
  ['in June 2025', [{ from: Date.UTC(2025, 5), to: Date.UTC(2025, 6) }]],
  ['what did I do yesterday', [day(2026, 3, 9)]],
  ['what did I do today', [day(2026, 3, 10)]],
  ['errors of last week', [{ from: Date.UTC(2026, 2, 3), to: Date.UTC(2026, 2, 10) }]],
  ['on 2025-13-77 and 45 May', []],
  ['may I march on', []],
])('finds in "%s" its days', (question, expected) => {
  expect(datesIn(question, NOW)).toEqual(expected);
});
