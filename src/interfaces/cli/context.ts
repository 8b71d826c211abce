import { type Environment, readEnvironment } from '../../environment.js';
import type { ExitCode } from '../../exit-codes.js';
import { type HomePaths, homePaths } from '../../home/home-paths.js';

/** What every command is given. */
export interface Context {
  readonly environment: Environment;
  readonly paths: HomePaths;
  /** What is said when the user interrupts the command, for one that leaves something going on. */
  interruptNote: string | undefined;
  /** Says what the command ends with if its output finds no reader any more before it is done. */
  readonly endsEarlyWith: (code: ExitCode) => void;
}

/** Throws a ConfigurationError for an environment that cannot be used. */
export function createContext(endsEarlyWith: Context['endsEarlyWith']): Context {
  const environment = readEnvironment();
  return { environment, paths: homePaths(environment.home), interruptNote: undefined, endsEarlyWith };
}
