import { ModelFailure } from '../../application/ports/ask-model.js';

/** What both SDKs throw for an answer that is none: the status and headers of HTTP, or none when nothing answered. */
interface HttpFailure {
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
}

/** Answers that another call may not get. */
const PASSING = new Set([408, 409, 425, 429]);
/** Longest pause that a model is granted, in milliseconds: behind it the session's next stretches wait. */
const MAX_RETRY_AFTER_MS = 120_000;

/** One call of an SDK within `timeoutMs`, with its body. Whatever goes wrong becomes a ModelFailure without its texts. */
export async function callModel<Answer>(
  call: (signal: AbortSignal) => Promise<Answer>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const ending = new AbortController();
  const callOff = () => {
    ending.abort();
  };
  const late = new ModelFailure(`The model did not answer within ${String(timeoutMs / 1_000)} s.`, {
    isFinal: false,
    retryAfterMs: null,
    mayHaveCost: true,
  });
  const deadline = setTimeout(() => {
    ending.abort(late);
  }, timeoutMs);
  signal.addEventListener('abort', callOff, { once: true });
  try {
    return await call(ending.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (ending.signal.reason === late) throw late;
    if (error instanceof ModelFailure) throw error;
    throw failureOf(error as HttpFailure);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', callOff);
  }
}

/** The JSON document in a text, if it is one. */
export function parseAnswer(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}

function failureOf({ status, headers }: HttpFailure): ModelFailure {
  if (typeof status !== 'number') {
    const message = 'The model could not be reached, or broke off.';
    return new ModelFailure(message, { isFinal: false, retryAfterMs: null, mayHaveCost: false });
  }
  const isFinal = status < 500 && !PASSING.has(status);
  const retryAfterMs = retryAfterOf(headers?.get('retry-after') ?? null);
  return new ModelFailure(`The model answered with HTTP ${String(status)}.`, {
    isFinal,
    retryAfterMs,
    mayHaveCost: false,
  });
}

/** Seconds, or a date of HTTP. */
function retryAfterOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d+(\.\d+)?$/u.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : null;
}
