import type { DomainErrorCode } from '../../domain/shared/domain-error.js';

/** JSON-RPC's number for a request that cannot be served; a stream that ends with it is not tried again. */
const FINAL = -32600;

/**
 * What the server's gate says in place of the API (`{ error: { message, reason } }`), in the API's own shape; undefined
 * for an answer of the API.
 */
export function refusalShape(status: number, body: unknown) {
  const error = field(body, 'error');
  const message = field(error, 'message');
  const reason = field(error, 'reason');
  if (typeof message !== 'string' || typeof reason !== 'string') return undefined;
  return finalError(message, { httpStatus: status, reason: reason as DomainErrorCode });
}

/** An error in the API's shape that a subscription takes for its end. */
export function finalError(message: string, data: object) {
  return { error: { message, code: FINAL, data } };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
