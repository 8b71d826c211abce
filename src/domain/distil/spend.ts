import type { SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';

const DAY_MS = 86_400_000;

/** What calls of a model have cost. Money is in millionths of a US dollar, so that sums are exact. */
export interface Spend {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
}

/** What of a model may be spent; what is not given has no limit. */
export interface Budget {
  readonly dailyTokens?: number | undefined;
  readonly sessionTokens?: number | undefined;
  readonly dailyUsd?: number | undefined;
}

/** In US dollars for a million tokens: a dollar for a million is a millionth of a dollar for one. */
export interface Prices {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/** The UTC day of a moment, counted from 1970. */
export function dayOf(at: Timestamp): number {
  return Math.floor(at / DAY_MS);
}

/** What one call costs, rounded up; without prices no money is counted. */
export function costOf(inputTokens: number, outputTokens: number, prices: Prices | undefined): Spend {
  const microUsd =
    prices === undefined
      ? 0
      : Math.ceil(inputTokens * prices.inputUsdPerMillion + outputTokens * prices.outputUsdPerMillion);
  return { calls: 1, inputTokens, outputTokens, microUsd };
}

export function addSpend(a: Spend, b: Spend): Spend {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    microUsd: a.microUsd + b.microUsd,
  };
}

export const NOTHING_SPENT: Spend = { calls: 0, inputTokens: 0, outputTokens: 0, microUsd: 0 };

/** Whether a budget still holds when this is spent today, and this in the session. */
export function isWithin({ dailyTokens, sessionTokens, dailyUsd }: Budget, today: Spend, session: Spend): boolean {
  return (
    tokensOf(today) <= (dailyTokens ?? Infinity) &&
    tokensOf(session) <= (sessionTokens ?? Infinity) &&
    today.microUsd <= (dailyUsd ?? Infinity) * 1e6
  );
}

function tokensOf({ inputTokens, outputTokens }: Spend): number {
  return inputTokens + outputTokens;
}

/** What one call, or more of a day, cost a session. */
export interface SessionSpend extends Spend {
  readonly sessionId: SessionId;
  readonly day: number;
}
