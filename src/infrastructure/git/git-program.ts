import { execFile } from 'node:child_process';
import type { FindProgram } from '../../application/ports/find-program.js';
import { codeOf } from '../../domain/shared/thrown.js';
import type { Variables } from '../../environment.js';

/** Longest run of the program, in milliseconds; a status of 100,000 files from a cold disk takes less. */
const TIME_LIMIT_MS = 15_000;
/** Most output that is kept, in bytes: root commits and names of filters are few. */
const MAX_OUTPUT_BYTES = 1_048_576;

/**
 * What a repository's own configuration may not do: run programs. `fsmonitor` and hooks would; `--no-optional-locks`
 * and no protocol keep a mere look from writing, and from fetching what a partial clone has left out.
 */
const GUARDS = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * How a run ended. `full`: there was more output than asked for. The exit code of a failure is null when git did not
 * run, or not to its end.
 */
export type GitAnswer =
  | { readonly how: 'done'; readonly output: string }
  | { readonly how: 'full' }
  | { readonly how: 'failed'; readonly exitCode: number | null };

/** Runs git in a directory for its output. Rejects with the signal's reason only. */
export type GitProgram = (
  directory: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly maxBytes?: number },
) => Promise<GitAnswer>;

/** Makes the function that runs `git`, looked for anew each time. Nothing of the server's environment steers it. */
export function createGitProgram({
  findProgram,
  variables,
}: {
  readonly findProgram: FindProgram;
  readonly variables: Variables;
}): GitProgram {
  return async (directory, args, { signal, maxBytes = MAX_OUTPUT_BYTES }) => {
    signal.throwIfAborted();
    const program = await findProgram('git');
    if (program === null) return { how: 'failed', exitCode: null };
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        [...GUARDS, ...args],
        {
          cwd: directory,
          env: gitEnvironment(variables),
          timeout: TIME_LIMIT_MS,
          killSignal: 'SIGKILL',
          maxBuffer: maxBytes,
          windowsHide: true,
        },
        (error, output) => {
          signal.removeEventListener('abort', kill);
          if (signal.aborted) reject(signal.reason as Error);
          else if (error === null) resolve({ how: 'done', output });
          else if (codeOf(error) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ how: 'full' });
          else resolve({ how: 'failed', exitCode: typeof error.code === 'number' ? error.code : null });
        },
      );
      const kill = () => void child.kill('SIGKILL');
      signal.addEventListener('abort', kill, { once: true });
    });
  };
}

/** Who and where the user is, for the user's own git settings, and none of the server's GIT_ variables. */
function gitEnvironment({ PATH, HOME, XDG_CONFIG_HOME, SYSTEMROOT, USERPROFILE }: Variables): NodeJS.ProcessEnv {
  return {
    PATH,
    HOME,
    XDG_CONFIG_HOME,
    SYSTEMROOT,
    USERPROFILE,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // No protocol is named so: nothing is fetched, whatever the configuration says.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
  };
}
