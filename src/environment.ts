import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { defaultHome } from './home/home-paths.js';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Environment variables, as `process.env` is shaped. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the environment says, checked. `variables` is all of it, for the allow-list that agents get. */
export interface Environment {
  /** Absolute path of the data directory. */
  readonly home: string;
  /** Loopback TCP port; 0 is any free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly autostart: boolean;
  readonly variables: Variables;
}

/** A setting of the user's that cannot be used. One sentence that names it; exit code 78. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** First of the 100 ports that users of one machine share out by their uid. */
const FIRST_PORT = 37_700;

/** The process's environment as it is; this file is the only one that reads it. */
export function readVariables(): Variables {
  return process.env;
}

/** Absolute path of the data directory. */
export function homeOf({ CW_HOME }: Variables): string {
  return CW_HOME === undefined || CW_HOME === '' ? defaultHome() : resolve(CW_HOME);
}

/** What the process's environment says, checked. Throws a ConfigurationError. */
export function readEnvironment(): Environment {
  const variables = readVariables();
  const { CW_PORT, CW_LOG_LEVEL, CW_NO_AUTOSTART } = variables;
  return {
    home: homeOf(variables),
    port: parsePort(CW_PORT),
    logLevel: parseLogLevel(CW_LOG_LEVEL),
    autostart: CW_NO_AUTOSTART !== '1',
    variables,
  };
}

function parsePort(text: string | undefined): number {
  // uid is −1 on Windows.
  if (text === undefined || text === '') return FIRST_PORT + (Math.max(0, userInfo().uid) % 100);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ConfigurationError(`CW_PORT is "${text}"; it must be a port from 0 (any free one) to 65535.`);
}

function parseLogLevel(text: string | undefined): LogLevel {
  if (text === undefined || text === '') return 'info';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw new ConfigurationError(`CW_LOG_LEVEL is "${text}"; it must be one of ${LOG_LEVELS.join(', ')}.`);
}
