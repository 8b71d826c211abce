import { z } from 'zod';
import type { LimitKind } from '../../../domain/limit/limit-gate.js';
import { cutText } from '../../../domain/shared/cut-text.js';
import type { TaskError, TaskErrorCode } from '../../../domain/task/task.js';

/** Longest message that a task's error repeats, in UTF-16 code units: some bodies of HTTP answers are whole pages. */
const MESSAGE_LENGTH = 1_000;
const TOO_MANY_REQUESTS = 429;
/** Another try of the same gives the same: who is asked for is not known, or what is asked for is not there. */
const HOPELESS = new Set(['unauthorized', 'modelNotFound', 'badRequest', 'contextWindowExceeded']);
/** What the plan of the account allows is used up. */
const USED_UP = 'usageLimitExceeded';
const LIMITED = new Set([USED_UP, 'rateLimitExceeded']);
const HOPELESS_STATUS = new Set([401, 403]);

const TurnError = z.object({
  message: z.string().catch(''),
  codexErrorInfo: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .nullish()
    .catch(null),
  additionalDetails: z.string().nullish().catch(null),
});
const Status = z.object({ httpStatusCode: z.number() });

/** An error, and of a `rate_limited` one which kind of limit it is. */
export type TurnFailure = TaskError & { readonly limit?: LimitKind };

/** What ended a turn, or made Codex try again. */
export function turnError(error: unknown): TurnFailure {
  const { success, data } = TurnError.safeParse(error);
  if (!success) return { code: 'failed', message: 'Codex ended the turn with an error that it does not tell.' };
  const { message, codexErrorInfo: info, additionalDetails: details } = data;
  const whole = [message, details ?? ''].filter((part) => part !== '').join(' ');
  const told = cutText(whole.replace(/\s+/g, ' ').trim(), MESSAGE_LENGTH);
  const code = codeOf(info ?? null);
  const failure = { code, message: told === '' ? 'Codex ended the turn with an error.' : told };
  return code === 'rate_limited' ? { ...failure, limit: info === USED_UP ? 'usage' : 'rate' } : failure;
}

function codeOf(info: string | Record<string, unknown> | null): TaskErrorCode {
  if (info === null) return 'failed';
  const [name, more] = typeof info === 'string' ? [info, undefined] : (Object.entries(info)[0] ?? ['', undefined]);
  const status = Status.safeParse(more);
  const code = status.success ? status.data.httpStatusCode : null;
  if (LIMITED.has(name) || code === TOO_MANY_REQUESTS) return 'rate_limited';
  return HOPELESS.has(name) || (code !== null && HOPELESS_STATUS.has(code)) ? 'usage' : 'failed';
}
