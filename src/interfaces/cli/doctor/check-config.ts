import { type Config, loadConfig } from '../../../config.js';
import { ConfigurationError } from '../../../environment.js';
import { type Check, fail, ok } from './check.js';

/** The configuration file, and what it says if it can be used. */
export function checkConfigFile(file: string): { readonly check: Check; readonly config: Config | undefined } {
  try {
    const config = loadConfig(file);
    return { check: ok('config', `${file} can be used.`), config };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { check: fail('config', error.message, `Correct it: ${file}`), config: undefined };
  }
}
