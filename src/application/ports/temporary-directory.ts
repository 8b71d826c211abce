/** An empty directory for this user alone. Disposing of it removes it with all that is in it. */
export interface TemporaryDirectory extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;
}

export type OpenTemporaryDirectory = () => Promise<TemporaryDirectory>;
