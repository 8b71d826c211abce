/** Looks at directories on the user's disk. */
export interface Directories {
  /** The absolute path without symbolic links. Throws `invalid_input` when it does not exist or is no directory. */
  resolve(path: string): Promise<string>;
}
