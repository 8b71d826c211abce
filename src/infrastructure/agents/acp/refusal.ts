import type { LimitKind } from '../../../domain/limit/limit-gate.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { TaskErrorCode } from '../../../domain/task/task.js';
import type { RpcError } from './received.js';

/** Longest part of an agent's own words that an error quotes, in UTF-16 code units: a few lines of a terminal. */
const QUOTE_LENGTH = 400;
/** ACP: the user must sign in first. */
const AUTH_REQUIRED = -32_000;
const INVALID_PARAMS = -32_602;

const LIMITED =
  /\b429\b|rate.?limit|too many requests|usage limit|limit reached|hit your limit|quota|resource.?exhausted/i;
/** What a plan allows is used up; other limits are of requests in a second or minute. */
const USED_UP = /usage limit|limit reached|hit your limit|quota|credits?\b|\b(?:daily|weekly|monthly)\b|per day/i;
const NOT_SIGNED_IN =
  /\b401\b|authenticat|unauthori[sz]ed|not logged in|please (?:log|sign) ?in|login|api key (?:not|is)|invalid.{0,10}api.?key|credential|set an auth method/i;

/** What a refusal means for the turn. */
export interface Refusal {
  readonly code: Extract<TaskErrorCode, 'failed' | 'usage' | 'rate_limited'>;
  readonly message: string;
  /** Of a `rate_limited` one; null where the agent does not say. */
  readonly resetsAt: Timestamp | null;
  readonly limit?: LimitKind;
}

/** Reads an agent's error. `name` is the profile's. */
export function refusal(name: string, { code, message, data }: RpcError, now: Timestamp): Refusal {
  const said = quote([message, detailOf(data)].filter((part) => part !== '').join(': '));
  if (code === 429 || LIMITED.test(said)) {
    const limit = USED_UP.test(said) ? 'usage' : 'rate';
    const told = `${name} has reached a limit: ${said}`;
    return { code: 'rate_limited', message: told, resetsAt: resetOf(said, now), limit };
  }
  if (code === AUTH_REQUIRED || NOT_SIGNED_IN.test(said)) return { ...notSignedIn(name, said), resetsAt: null };
  const invalid = code === INVALID_PARAMS;
  return { code: invalid ? 'usage' : 'failed', message: `${name} answered with an error: ${said}`, resetsAt: null };
}

/** True for last words that tell of a missing sign-in. */
export function tellsOfSignIn(words: string): boolean {
  return NOT_SIGNED_IN.test(words);
}

export function notSignedIn(name: string, said: string): Pick<Refusal, 'code' | 'message'> {
  return {
    code: 'usage',
    message:
      `${name} is not signed in: run it once in a terminal and sign in, or set its API key in agents.${name}.env ` +
      `in config.json (it said: ${quote(said)}).`,
  };
}

/** The agent's own words on one line. */
export function quote(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  return line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH).trimEnd()} …` : line || 'nothing';
}

function detailOf(data: unknown): string {
  if (data === undefined || data === null) return '';
  if (typeof data === 'string') return data;
  if (typeof data === 'object') {
    for (const key of ['details', 'message', 'error']) {
      const value: unknown = Reflect.get(data, key);
      if (typeof value === 'string') return value;
    }
  }
  return JSON.stringify(data);
}

/** When the limit is over, as far as words tell: `retry in 34s`, `retryDelay: "34s"`, `reset at|1795167677` (seconds). */
function resetOf(said: string, now: Timestamp): Timestamp | null {
  const delay = /(?:retry|try again|resets?)[\w"':\s-]{0,20}?\b(\d+(?:\.\d+)?) ?(ms|s|m|h)(?:ec|in|our|r)?/i.exec(said);
  if (delay !== null) {
    const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[(delay[2] ?? 's').toLowerCase()] ?? 1_000;
    return now + Math.ceil(Number(delay[1]) * unit);
  }
  const moment = /\b(1[789]\d{8})\b/.exec(said)?.[1];
  return moment === undefined ? null : Number(moment) * 1_000;
}
