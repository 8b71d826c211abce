/** Why a request was refused; the same words reach every interface as `data.reason`. */
export type DomainErrorCode =
  | 'not_found'
  | 'invalid_transition'
  | 'conflict'
  | 'invalid_input'
  | 'limit_exceeded'
  | 'unavailable'
  | 'forbidden';

/** A refusal that the caller can act on. The message is one sentence for people. Anything else that is thrown is a bug. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode, message: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
  }
}

/** The refusal for an id that names nothing. */
export function notFound(noun: string, id: string): DomainError {
  return new DomainError('not_found', `There is no ${noun} ${id}.`);
}
