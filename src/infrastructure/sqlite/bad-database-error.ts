/**
 * The database file cannot be used as it is. The message is one sentence for people that names the file and the way
 * out; the process ends with exit code 78.
 */
export class BadDatabaseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadDatabaseError';
  }
}
