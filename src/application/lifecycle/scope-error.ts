/** A release that failed; `name` says which, a child scope's with the child's name before it. */
export interface FailedRelease {
  readonly name: string;
  readonly error: unknown;
}

/** Tells which releases of a scope failed, by name. */
export class ScopeError extends AggregateError {
  override readonly name = 'ScopeError';
  readonly failures: readonly FailedRelease[];

  constructor(scope: string, failures: readonly FailedRelease[]) {
    const names = failures.map(({ name }) => name).join(', ');
    super(
      failures.map(({ error }) => error),
      `Closing ${scope} failed at: ${names}.`,
    );
    this.failures = failures;
  }
}

/** What went wrong while `name` was released, one by one. */
export function failuresOf(name: string, error: unknown): readonly FailedRelease[] {
  if (!(error instanceof ScopeError)) return [{ name, error }];
  return error.failures.map((inner) => ({ name: `${name} › ${inner.name}`, error: inner.error }));
}
