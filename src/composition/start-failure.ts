import { ServiceError } from '../application/lifecycle/start-services.js';
import { DomainError } from '../domain/shared/domain-error.js';
import { messageOf } from '../domain/shared/thrown.js';
import { ConfigurationError } from '../environment.js';
import { EXIT } from '../exit-codes.js';
import { BadDatabaseError } from '../infrastructure/sqlite/bad-database-error.js';
import { AddressInUseError } from '../interfaces/http/listen.js';
import { StartError } from '../start-error.js';

/** What a user can be told about a start that failed: one sentence with its exit code. What is left is a bug. */
export function asStartFailure(error: unknown): unknown {
  if (error instanceof ServiceError) {
    const known = asStartFailure(error.cause);
    return known instanceof StartError
      ? known
      : new StartError(EXIT.failed, error.message.replaceAll(/\s*\n\s*/g, ' '));
  }
  if (error instanceof AddressInUseError) return new StartError(EXIT.portTaken, error.message);
  const isCorrectable = [ConfigurationError, BadDatabaseError, DomainError].some((kind) => error instanceof kind);
  return isCorrectable ? new StartError(EXIT.configuration, messageOf(error)) : error;
}
