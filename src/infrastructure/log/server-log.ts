import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import pino from 'pino';
import { createStream } from 'rotating-file-stream';
import type { Logger } from '../../application/ports/logger.js';
import { redactJson } from '../../domain/privacy/redact-json.js';
import { redactText } from '../../domain/privacy/redact-text.js';

/** A log file is set aside at this size; five of them tell weeks of a quiet server and hours of a noisy one. */
const ROTATE_AT = '10M';
const KEPT_FILES = 5;

/** Characters of text in the details of one line; a stack is some thousand long. */
const MAX_DETAILS = 65_536;

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
    },
    stream,
  );
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, details: object = {}) => {
      if (log.isLevelEnabled(severity)) log[severity](withoutSecrets(details), redactText(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    async close() {
      stream.end();
      await once(stream, 'finish');
    },
  };
}

/** Errors as pino writes them; and in every text, also in a message or stack, secrets replaced by markers. */
function withoutSecrets(details: object): object {
  const plain = Object.entries(details).map(([key, value]: [string, unknown]) => [
    key,
    value instanceof Error ? pino.stdSerializers.err(value) : value,
  ]);
  return redactJson(Object.fromEntries(plain), MAX_DETAILS).value as object;
}
