import { answerResult } from '../../../application/agent/answer-result.js';
import { exitOf, failedTurn, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { Result } from './messages.js';

/** Longest part of an agent's own words that an error quotes, in UTF-16 code units. */
const QUOTE_LENGTH = 500;
/** Answers of the model's API that another try does not change: a wrong request, key, account or model. */
const LASTING = new Set([400, 401, 402, 403, 404, 413, 422]);
const SIGN_IN = /please run \/login|invalid api key|not logged in|authentication_failed|oauth token/i;
/** What the plan of an account allows within hours or a week is used up. */
const USED_UP = /(?:usage|session|weekly)[ _]limit|hit your limit|limit reached/i;
const RATE_LIMIT = /rate[ _]limit/i;
/** `Claude AI usage limit reached|1760000000`, in seconds. */
const RESET = /limit reached\|(\d{10})\b/;

/** Whether a result is that of a turn that did what it was asked. An API failure is told as a success with is_error. */
export function isSuccess({ subtype, is_error }: Result): boolean {
  return subtype === 'success' && !is_error;
}

/** The end that a result tells. `reset` is when a limit that the agent told of is reset; undefined without one. */
export function resultTurn(name: string, result: Result, reset: Timestamp | null | undefined): AgentUpdate[] {
  if (isSuccess(result)) {
    return [
      { type: 'turn_end', end: { outcome: 'completed', result: answerResult(result.result ?? ''), receipt: NOTHING } },
    ];
  }
  const words = quote(result.result ?? result.errors.join(' '));
  const status = result.api_error_status ?? null;
  const said = words === '' ? '' : `: ${words}`;
  const isLasting = (status !== null && LASTING.has(status)) || result.subtype?.startsWith('error_max') === true;
  const saysSo = status === null && (USED_UP.test(words) || RATE_LIMIT.test(words));
  if (status === 429 || (!isLasting && (reset !== undefined || saysSo))) {
    const limit = reset !== undefined || USED_UP.test(words) ? 'usage' : 'rate';
    const resetsAt = reset ?? resetIn(words);
    const message = `${name} has met a limit of its account${said}`;
    const error = { code: 'rate_limited', message } as const;
    const end = { outcome: 'failed', error, exitCode: null, resetsAt, limit, receipt: NOTHING } as const;
    const told: AgentUpdate[] = reset === undefined ? [{ type: 'rate_limit', resetsAt, message }] : [];
    return [...told, { type: 'turn_end', end }];
  }
  if (status === 401 || SIGN_IN.test(words)) {
    return [failedTurn({ code: 'usage', message: `${name} is not signed in. Sign in in a terminal${said}` })];
  }
  return [failedTurn({ code: isLasting ? 'usage' : 'failed', message: `${name} could not finish its turn${said}` })];
}

function resetIn(words: string): Timestamp | null {
  const seconds = RESET.exec(words)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

/** The end of a turn whose process is gone. */
export async function crashedTurn(name: string, process: AgentProcess, when: string): Promise<AgentUpdate> {
  const receipt = await process.stop();
  const { how, exitCode } = exitOf(await process.ended);
  const tail = (await process.errorTail()).trim();
  const words = tail === '' ? '' : ` Its last words: ${quote(tail.split('\n').slice(-3).join(' '))}`;
  if (SIGN_IN.test(tail)) return failedTurn({ code: 'usage', message: `${name} is not signed in.${words}` }, receipt);
  return failedTurn({ code: 'crashed', message: `${name} ${how} ${when}.${words}` }, receipt, exitCode);
}

function quote(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > QUOTE_LENGTH ? `${line.slice(0, QUOTE_LENGTH)} …` : line;
}
