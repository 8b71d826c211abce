import type { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { DomainError, type DomainErrorCode } from '../../domain/shared/domain-error.js';

type TrpcCode = TRPCError['code'];

interface Answer {
  readonly code: TrpcCode;
  readonly httpStatus: number;
}

/** How each refusal of the domain is answered. */
export const ANSWERS = {
  not_found: { code: 'NOT_FOUND', httpStatus: 404 },
  invalid_transition: { code: 'CONFLICT', httpStatus: 409 },
  conflict: { code: 'CONFLICT', httpStatus: 409 },
  invalid_input: { code: 'BAD_REQUEST', httpStatus: 400 },
  limit_exceeded: { code: 'TOO_MANY_REQUESTS', httpStatus: 429 },
  unavailable: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 },
  forbidden: { code: 'FORBIDDEN', httpStatus: 403 },
} as const satisfies Record<DomainErrorCode, Answer>;

/** What tRPC itself refuses before a procedure runs. */
const REASONS: Partial<Record<TrpcCode, DomainErrorCode>> = {
  NOT_FOUND: 'not_found',
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  METHOD_NOT_SUPPORTED: 'invalid_input',
  UNSUPPORTED_MEDIA_TYPE: 'invalid_input',
  PAYLOAD_TOO_LARGE: 'limit_exceeded',
};

/** All that a client is told of a bug. */
export const BUG_MESSAGE = 'Something went wrong in the server; its log says what.';

/** An error as a client gets to see it. `httpStatus` is undefined where tRPC's own is right; a bug has no reason. */
export interface ExplainedError {
  readonly code: TrpcCode;
  readonly httpStatus: number | undefined;
  readonly reason: DomainErrorCode | null;
  readonly message: string;
}

/** Says what a client is told about an error: the refusal as it is, and of a bug nothing but that there was one. */
export function explainError(error: TRPCError): ExplainedError {
  const { cause } = error;
  if (cause instanceof DomainError) return { ...ANSWERS[cause.code], reason: cause.code, message: cause.message };
  if (error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    return { ...ANSWERS.invalid_input, reason: 'invalid_input', message: inputSentence(cause) };
  }
  const reason = REASONS[error.code];
  if (reason === undefined) {
    return { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: null, message: BUG_MESSAGE };
  }
  const message = cause instanceof SyntaxError ? `The input is not valid JSON: ${cause.message}.` : error.message;
  return { code: error.code, httpStatus: undefined, reason, message };
}

/** Whether nobody meant this error to happen, so that it belongs into the log. */
export function isBug(error: TRPCError): boolean {
  return explainError(error).reason === null;
}

/** Names the first field that is wrong, and how: `priority: Too big: expected number to be <=1000`. */
export function inputSentence({ issues }: ZodError): string {
  const [first] = issues;
  if (first === undefined) return 'The input cannot be used.';
  const path = first.path.map(String).join('.');
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${path === '' ? '' : `${path}: `}${first.message}${more}`;
}
