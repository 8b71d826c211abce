import type { Variables } from '../../environment.js';

/** The variable that marks every process of an agent. */
export const RUN_ID_VARIABLE = 'CW_RUN_ID';
/** The variable that names the file with the token of an agent. */
const TOKEN_FILE_VARIABLE = 'CW_TOKEN_FILE';
/** The variable that names the file with what the tasks gave that the program's own comes after. */
const RESULTS_VARIABLE = 'CW_RESULTS';

/**
 * What an agent gets of the server's own environment without being asked for: who and where the user is, how to find
 * programs, language, terminal, time zone and temporary files. Everything else must be named by the profile
 * (`passEnv`), which is why API keys, the server's own CW_ variables, and what changes how programs load (LD_PRELOAD,
 * NODE_OPTIONS) do not leak. CW_HOME is passed, so that an agent which calls `cw` reaches the server that runs it.
 * SSH_AUTH_SOCK is left out on purpose: it is the power to log in elsewhere as the user.
 */
const ALWAYS_PASSED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TERM',
  'COLORTERM',
  'NO_COLOR',
  'TZ',
  'TMPDIR',
  'CW_HOME',
  // Windows: programs do not start without some of these.
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
]);
const PASSED_PREFIXES = ['LC_', 'XDG_'];

/** What a profile says about its environment, and the run it is for. */
export interface EnvironmentRequest {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly passEnv?: readonly string[] | undefined;
  readonly runId: string;
  readonly tokenFile?: string | undefined;
  readonly resultsFile?: string | undefined;
}

/** The whole environment of an agent. What the profile sets wins over what it passes on; nothing can replace the marker, the token and the results. */
export function agentEnvironment(
  server: Variables,
  { env, passEnv, runId, tokenFile, resultsFile }: EnvironmentRequest,
): Record<string, string> {
  const named = new Set(passEnv);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(server)) {
    // A server that an agent has started would hand that agent's token on.
    if (value === undefined || name === TOKEN_FILE_VARIABLE) continue;
    if (named.has(name) || isAlwaysPassed(name)) environment[name] = value;
  }
  const ours = {
    [RUN_ID_VARIABLE]: runId,
    ...(tokenFile !== undefined && { [TOKEN_FILE_VARIABLE]: tokenFile }),
    ...(resultsFile !== undefined && { [RESULTS_VARIABLE]: resultsFile }),
  };
  return { ...environment, ...env, ...ours };
}

function isAlwaysPassed(name: string): boolean {
  const upper = name.toUpperCase();
  // Windows writes Path and SystemRoot; elsewhere case matters, and a lower-case namesake is another variable.
  const known = process.platform === 'win32' ? upper : name;
  return ALWAYS_PASSED.has(known) || PASSED_PREFIXES.some((prefix) => known.startsWith(prefix));
}
