import type { DomainErrorCode } from '../../domain/shared/domain-error.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';

/** Nobody answers at the server's address, or what did is gone. `code` is the system's, such as ECONNREFUSED. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What answers at the address is not the server that the token belongs to. It was shown nothing. */
export class UntrustedServerError extends Error {
  override readonly name = 'UntrustedServerError';
}

/**
 * What went wrong with a call:
 * - `refused`: the server answered with a refusal; `reason` is its kind, the message a sentence for people.
 * - `unreachable`: there was no answer. With code ENOENT or ECONNREFUSED nothing was sent; else the server may have acted.
 * - `untrusted`: something else answers at the server's address.
 * - `broken`: a fault, of the server (its log says what) or of the program itself.
 */
export type Failure =
  | { readonly kind: 'refused'; readonly reason: DomainErrorCode; readonly message: string }
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string }
  | { readonly kind: 'untrusted'; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string };

/** Tells what an error of a call or a subscription means. */
export function failureOf(error: unknown): Failure {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth += 1) {
    const { message } = cause;
    if (cause instanceof UnreachableError) return { kind: 'unreachable', code: cause.code, message };
    if (cause instanceof UntrustedServerError) return { kind: 'untrusted', message };
    const data = 'data' in cause ? cause.data : undefined;
    if (typeof data !== 'object' || data === null) continue;
    if ('unreachable' in data) return { kind: 'unreachable', code: String(data.unreachable), message };
    if ('untrusted' in data) return { kind: 'untrusted', message };
    if ('reason' in data && typeof data.reason === 'string') {
      return { kind: 'refused', reason: data.reason as DomainErrorCode, message };
    }
  }
  return { kind: 'broken', message: messageOf(error) };
}

/** The errors of a socket that mean that nobody is there (any more). */
const GONE = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAGAIN',
]);

/** Turns a socket's error into an UnreachableError if it is one; `where` names the address. */
export function asUnreachable(error: Error, where: string): Error {
  const code = socketCodeOf(error);
  if (code === undefined || !GONE.has(code)) return error;
  return new UnreachableError(code, `No server answers at ${where} (${code}).`, { cause: error });
}

function socketCodeOf(error: Error): string | undefined {
  // A name with several addresses fails with one error for each.
  return codeOf(error) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
}
