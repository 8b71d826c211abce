/** Gives something back. */
type Release = () => void | Promise<void>;

/** Tells which releases of a scope failed, by name. */
export class ScopeError extends AggregateError {
  constructor(scope: string, failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const names = failures.map(({ name }) => name).join(', ');
    super(
      failures.map(({ error }) => error),
      `Closing ${scope} failed at: ${names}.`,
    );
    this.name = 'ScopeError';
  }
}

/** Owns what must be given back, and gives it back in reverse order, once, going on when one release fails. */
export interface Scope extends AsyncDisposable {
  /** Aborted when the scope begins to close. */
  readonly signal: AbortSignal;
  /** Opens something that the scope then owns; opened while the scope closes, it is released at once and refused. */
  acquire<T>(name: string, open: () => T | Promise<T>, release: (opened: T) => void | Promise<void>): Promise<T>;
  /** Takes over a release of something that is open already. */
  defer(name: string, release: Release): void;
  /** Releases everything. Rejects with a ScopeError after all were tried; a second call gives the same promise. */
  close(): Promise<void>;
}

/** Opens a scope; `name` is what its errors call it. */
export function createScope(name: string): Scope {
  const closing = new AbortController();
  const owned: { readonly name: string; readonly release: Release }[] = [];
  let closed: Promise<void> | undefined;

  async function releaseAll(): Promise<void> {
    closing.abort(new Error(`${name} is closing.`));
    const failures: { name: string; error: unknown }[] = [];
    for (let last = owned.pop(); last !== undefined; last = owned.pop()) {
      try {
        await last.release();
      } catch (error) {
        failures.push({ name: last.name, error });
      }
    }
    if (failures.length > 0) throw new ScopeError(name, failures);
  }

  const scope: Scope = {
    signal: closing.signal,
    async acquire(what, open, release) {
      closing.signal.throwIfAborted();
      const opened = await open();
      if (closing.signal.aborted) {
        await release(opened);
        closing.signal.throwIfAborted();
      }
      scope.defer(what, () => release(opened));
      return opened;
    },
    defer(what, release) {
      owned.push({ name: what, release });
    },
    close: () => (closed ??= releaseAll()),
    [Symbol.asyncDispose]: () => scope.close(),
  };
  return scope;
}
