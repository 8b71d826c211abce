import { ServiceError } from '../application/lifecycle/start-services.js';
import { DomainError } from '../domain/shared/domain-error.js';
import { ConfigurationError } from '../environment.js';
import { BadDatabaseError } from '../infrastructure/sqlite/bad-database-error.js';
import { AddressInUseError } from '../interfaces/http/listen.js';
import { StartError } from '../start-error.js';

/** What a user can be told about a start that failed: one sentence with its exit code. What is left is a bug. */
export function asStartFailure(error: unknown): unknown {
  if (error instanceof ServiceError) {
    const known = asStartFailure(error.cause);
    const isSentence = known instanceof StartError || known instanceof ConfigurationError;
    return isSentence ? known : new StartError(1, error.message.replaceAll(/\s*\n\s*/g, ' '));
  }
  if (error instanceof AddressInUseError) return new StartError(69, error.message);
  if (error instanceof BadDatabaseError) return new StartError(78, error.message);
  if (error instanceof DomainError) return new ConfigurationError(error.message);
  return error;
}
