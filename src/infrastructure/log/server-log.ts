import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import pino from 'pino';
import { createStream } from 'rotating-file-stream';
import type { Logger } from '../../application/ports/logger.js';

/** A log file is set aside at this size; five of them tell weeks of a quiet server and hours of a noisy one. */
const ROTATE_AT = '10M';
const KEPT_FILES = 5;

/** Keys whose values are never written, at the top of the details or one level below. */
const SECRET_KEYS = ['token', 'authorization', 'password', 'secret', 'apiKey', 'cookie', 'prompt', 'env'];

export interface ServerLog extends Logger {
  /** Writes what is waiting and closes the file. */
  close(): Promise<void>;
}

/** Opens the server's log: JSON lines, readable by this user alone, rotated to `server.log.1` and on. */
export function openServerLog({ file, level }: { readonly file: string; readonly level: string }): ServerLog {
  const stream = createStream((_time, index) => (index ? `${basename(file)}.${String(index)}` : basename(file)), {
    path: dirname(file),
    size: ROTATE_AT,
    rotate: KEPT_FILES,
    mode: 0o600,
  });
  // Without a listener a full disk would end the server; the log is the first thing that it can do without.
  stream.on('error', () => {});
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      serializers: { error: pino.stdSerializers.err },
    },
    stream,
  );
  return {
    debug: (message, details = {}) => {
      log.debug(details, message);
    },
    info: (message, details = {}) => {
      log.info(details, message);
    },
    warn: (message, details = {}) => {
      log.warn(details, message);
    },
    error: (message, details = {}) => {
      log.error(details, message);
    },
    async close() {
      stream.end();
      await once(stream, 'finish');
    },
  };
}
