/**
 * The absolute path of an executable file: `command` itself when it is absolute, else the first match on `path` (as the
 * PATH variable is written; by default the server's own). Null when there is none, or for a relative path.
 */
export type FindProgram = (command: string, path?: string) => Promise<string | null>;
