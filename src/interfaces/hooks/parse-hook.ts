import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';

/** The JSON document that a hook's body is. Throws `invalid_input`. */
export function parseHook(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new DomainError('invalid_input', `This hook cannot be read: it is not valid JSON: ${messageOf(error)}.`);
  }
}
