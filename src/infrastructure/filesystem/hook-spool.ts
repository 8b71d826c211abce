import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookSpool, SpooledHook } from '../../application/ports/hook-spool.js';
import { codeOf } from '../../domain/shared/thrown.js';

/** Largest file that is read, in bytes; `cw hook` keeps some 256 kB of an event. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Most rejected files that are kept for whoever wants to see what was wrong with them. */
const MAX_REJECTED = 100;
/** A mark of a private turn, or a file that was never finished, is of no use after this long, in milliseconds. */
const STALE_MS = 24 * 3_600_000;
const OWNER_ONLY = 0o700;

/** The spool in this directory, which exists. Names that begin with a dot are not events. */
export function createHookSpool(directory: string): HookSpool {
  const rejected = join(directory, '.rejected');
  return {
    async list() {
      const names = await readdir(directory);
      return names.filter((name) => !name.startsWith('.') && name.endsWith('.json')).sort();
    },
    async read(name) {
      const path = join(directory, name);
      if ((await stat(path)).size > MAX_FILE_BYTES) return undefined;
      return parse(await readFile(path, 'utf8'));
    },
    remove: (name) => rm(join(directory, name), { force: true }),
    async reject(name) {
      await mkdir(rejected, { recursive: true, mode: OWNER_ONLY });
      await rename(join(directory, name), join(rejected, name));
      const kept = (await readdir(rejected)).sort();
      for (const old of kept.slice(0, -MAX_REJECTED)) await rm(join(rejected, old), { force: true });
    },
    async tidy(now) {
      for (const name of await readdir(directory)) {
        if (!name.startsWith('.') || name === '.rejected') continue;
        const path = join(directory, name);
        const { mtimeMs } = await stat(path);
        if (now - mtimeMs > STALE_MS) await rm(path, { force: true });
      }
    },
    grown: (signal) =>
      new Promise((resolve) => {
        const watcher = watchNames(directory, (name) => {
          if (!name.startsWith('.')) end();
        });
        const end = () => {
          watcher?.close();
          signal.removeEventListener('abort', end);
          resolve();
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      }),
  };
}

/** An empty text is none. */
function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Undefined where the system has no more watches to give; what comes is then read at the next start. */
function watchNames(directory: string, onName: (name: string) => void): FSWatcher | undefined {
  try {
    return watch(directory, { persistent: false }, (_, name) => onName(name ?? '')).once('error', () => undefined);
  } catch (error) {
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EMFILE') return undefined;
    throw error;
  }
}

function parse(text: string): SpooledHook | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, source, id, run, at, body } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof id !== 'string' || typeof at !== 'number') return undefined;
  return { name, source: textOrNull(source), id, run: textOrNull(run), at, body };
}
